using ILGPU;

namespace NativeFree.Kernels;

/// <summary>How a product is walked by rows: its stretches, and how B may be read where it lies: element [k, column] of a group at k·BStep + column; BStep 0 where columns are no neighbours.</summary>
internal readonly record struct RowWalk<TRows>(TRows Problem, int Stretches, int Length, long Step, long BStep, long GroupOfB)
    where TRows : struct, IRowProblem;

/// <summary>A product's operands and the places of its result: rows lie Pitch apart, groups GroupOfResult.</summary>
internal readonly record struct ProductOperands(ArrayView<float> A, ArrayView<float> B, ArrayView<float> Y, long Pitch, long GroupOfResult);

/// <summary>Launches a product as the variant that was chosen for its shape.</summary>
internal readonly struct GpuProduct(GpuDevice device, ProductShape shape)
{
    // A result of fewer tiles than this leaves a GPU idle; a part of the depth is worth a pass over the partial results when it is this long.
    private const int EnoughTiles = 64;
    private const int LeastDepth = 1024;

    // B is read once for every 6 rows; so few do not pay for packing it.
    private const int FewRows = 24;

    /// <summary>Computes epilogue(A · B).</summary>
    /// <param name="variant">One of the product variants.</param>
    /// <param name="on">The operands.</param>
    /// <param name="epilogue">Bias, addend, ReLU.</param>
    /// <param name="problem">Where A and B lie.</param>
    /// <param name="walk">The same by rows.</param>
    /// <param name="packed">B as <see cref="Pack"/> made it for this variant, or an empty view.</param>
    public void Run<TProblem, TRows>(KernelVariant variant, in ProductOperands on, in Epilogue epilogue, TProblem problem, in RowWalk<TRows> walk, ArrayView<float> packed = default)
        where TProblem : struct, IProductProblem
        where TRows : struct, IRowProblem
    {
        if ((long)shape.Rows * shape.Columns * shape.Groups == 0)
            return;
        switch (variant)
        {
            case KernelVariant.Rows16:
                RunRows<TProblem, TRows, SixByOne>(on, epilogue, problem, walk, packed);
                break;
            case KernelVariant.Rows32:
                RunRows<TProblem, TRows, SixByTwo>(on, epilogue, problem, walk, packed);
                break;
            case KernelVariant.Rows64:
                RunRows<TProblem, TRows, SixByFour>(on, epilogue, problem, walk, packed);
                break;
            default:
                RunTiled(on, epilogue, problem);
                break;
        }
    }

    /// <summary>Floats of B as a variant by rows reads it; 0 for the tiled one.</summary>
    public long PackedCount(KernelVariant variant) => Width(variant) is var width and > 0 ? (long)shape.Groups * Up(shape.Columns, width) * width * shape.Depth : 0;

    /// <summary>Packs B for a variant by rows.</summary>
    public void Pack<TProblem>(KernelVariant variant, ArrayView<float> b, ArrayView<float> packed, TProblem problem)
        where TProblem : struct, IProductProblem
    {
        int width = Width(variant);
        int panels = Up(shape.Columns, width);
        RowProductLaunch.Pack(device.Stream, (Up(shape.Depth, RowProductKernels.PackSide), panels, shape.Groups), b, packed, problem, new PackSize(shape.Columns, shape.Depth, panels, width));
    }

    private static int Width(KernelVariant variant) => variant switch { KernelVariant.Rows16 => 16, KernelVariant.Rows32 => 32, KernelVariant.Rows64 => 64, _ => 0 };

    private void RunRows<TProblem, TRows, TTile>(in ProductOperands on, in Epilogue epilogue, TProblem problem, in RowWalk<TRows> walk, ArrayView<float> packed)
        where TProblem : struct, IProductProblem
        where TRows : struct, IRowProblem
        where TTile : struct, IRowTile
    {
        int width = TTile.Vectors * DeviceLanes.Count;
        int panels = Up(shape.Columns, width);
        RowSize size = new(
            shape.Rows, shape.Columns, walk.Stretches, walk.Length, walk.Step, width, (long)shape.Depth * width, (long)panels * shape.Depth * width, on.Pitch, on.GroupOfResult, Flag(epilogue.Bias is not null),
            Flag(epilogue.Addend is not null), Flag(epilogue.Relu));
        Index3D grid = new(Up(shape.Rows, TTile.Rows), panels, shape.Groups);
        if (packed.Length > 0)
        {
            RowProductLaunch.Multiply<TRows, TTile>(device.Stream, grid, on.A, packed, device.View(epilogue.Bias), device.View(epilogue.Addend), on.Y, walk.Problem, size);
        }
        else if (walk.BStep > 0 && shape.Rows <= FewRows && shape.Columns % width == 0)
        {
            size = size with { BStep = walk.BStep, PanelStep = width, GroupOfB = walk.GroupOfB };
            RowProductLaunch.Multiply<TRows, TTile>(device.Stream, grid, on.A, on.B, device.View(epilogue.Bias), device.View(epilogue.Addend), on.Y, walk.Problem, size);
        }
        else
        {
            using GpuScratch scratch = new(device, Math.Max((long)shape.Groups * panels * shape.Depth * width, 1));
            if (shape.Depth > 0)
                RowProductLaunch.Pack(device.Stream, (Up(shape.Depth, RowProductKernels.PackSide), panels, shape.Groups), on.B, scratch.View, problem, new PackSize(shape.Columns, shape.Depth, panels, width));
            RowProductLaunch.Multiply<TRows, TTile>(device.Stream, grid, on.A, scratch.View, device.View(epilogue.Bias), device.View(epilogue.Addend), on.Y, walk.Problem, size);
        }
    }

    private void RunTiled<TProblem>(in ProductOperands on, in Epilogue epilogue, TProblem problem)
        where TProblem : struct, IProductProblem
    {
        long tiles = Up(shape.Rows, ProductKernels.Tile) * (long)Up(shape.Columns, ProductKernels.Tile) * shape.Groups;
        long row = (long)shape.Columns * shape.Groups;
        // From the sizes alone, so that the order of the sums is the same on every device. Partial results lie densely, so a result that is a slice of another's channels is made in one part.
        bool dense = on.Pitch == row && on.GroupOfResult == (shape.Groups == 1 ? on.GroupOfResult : shape.Columns);
        int parts = dense ? (int)Math.Min((EnoughTiles + tiles - 1) / tiles, Math.Max(shape.Depth / LeastDepth, 1)) : 1;
        if (parts <= 1)
        {
            Launch(on, on.Y, epilogue, problem, 1, shape.Depth);
            return;
        }
        // The parts' results lie one behind the other; their sum, then bias, addend and ReLU, is a pass of its own.
        int depthOfPart = Up(Up(shape.Depth, parts), ProductKernels.Depth) * ProductKernels.Depth;
        parts = Up(shape.Depth, depthOfPart);
        long count = shape.Rows * row;
        using GpuScratch partial = new(device, parts * count);
        Launch(on, partial.View, Epilogue.None, problem, parts, depthOfPart);
        ReductionLaunch.SumParts(
            device.Stream, DeviceIndex.GridFor(count), partial.View, device.View(epilogue.Bias), device.View(epilogue.Addend), on.Y,
            new PartsArguments(count, parts, shape.Columns * shape.Groups, Flag(epilogue.Bias is not null), Flag(epilogue.Addend is not null), Flag(epilogue.Relu)));
    }

    private void Launch<TProblem>(in ProductOperands on, ArrayView<float> target, in Epilogue epilogue, TProblem problem, int parts, int depthOfPart)
        where TProblem : struct, IProductProblem
    {
        ProductSize size = new(
            shape.Rows, shape.Columns, shape.Depth, shape.Groups, Math.Max(depthOfPart, 1), on.Pitch, on.GroupOfResult, shape.Rows * (long)shape.Columns * shape.Groups, Flag(epilogue.Bias is not null),
            Flag(epilogue.Addend is not null), Flag(epilogue.Relu));
        ProductLaunch.Tiled(
            device.Stream, (Up(shape.Columns, ProductKernels.Tile), Up(shape.Rows, ProductKernels.Tile), shape.Groups * parts), on.A, on.B, device.View(epilogue.Bias), device.View(epilogue.Addend), target, problem,
            size);
    }

    private static int Up(int extent, int step) => (int)(((long)extent + step - 1) / step);

    private static int Flag(bool value) => value ? 1 : 0;
}
