using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Launches the tiled product, with its depth cut into parts where the result alone gives too few groups.</summary>
internal readonly struct GpuProduct(GpuDevice device, int rows, int columns, int depth, int groups)
{
    // A result of fewer tiles than this leaves a GPU idle; a part of the depth is worth a pass over the partial results when it is this long.
    private const int EnoughTiles = 64;
    private const int LeastDepth = 1024;

    public void Run<TProblem>(Tensor a, Tensor b, Tensor y, in Epilogue epilogue, TProblem problem)
        where TProblem : struct, IProductProblem
    {
        if ((long)rows * columns * groups == 0)
            return;
        long tiles = Tiles(rows) * (long)Tiles(columns) * groups;
        // From the sizes alone, so that the order of the sums is the same on every device.
        int parts = (int)Math.Min((EnoughTiles + tiles - 1) / tiles, Math.Max(depth / LeastDepth, 1));
        if (parts <= 1)
        {
            Launch(a, device.View(b), y, device.View(y), epilogue, problem, 1, depth);
            return;
        }
        // The parts' results lie one behind the other; their sum, then bias, addend and ReLU, is a pass of its own.
        int depthOfPart = ((depth + parts - 1) / parts + ProductKernels.Depth - 1) / ProductKernels.Depth * ProductKernels.Depth;
        parts = (depth + depthOfPart - 1) / depthOfPart;
        using GpuScratch partial = new(device, parts * y.Count);
        Launch(a, device.View(b), y, partial.View, Epilogue.None, problem, parts, depthOfPart);
        ReductionLaunch.SumParts(
            device.Stream, DeviceIndex.GridFor(y.Count), partial.View, device.View(epilogue.Bias), device.View(epilogue.Addend), device.View(y),
            new PartsArguments(y.Count, parts, columns * groups, Flag(epilogue.Bias is not null), Flag(epilogue.Addend is not null), Flag(epilogue.Relu)));
    }

    private void Launch<TProblem>(Tensor a, ArrayView<float> b, Tensor y, ArrayView<float> target, in Epilogue epilogue, TProblem problem, int parts, int depthOfPart)
        where TProblem : struct, IProductProblem
    {
        ProductSize size = new(
            rows, columns, depth, groups, Math.Max(depthOfPart, 1), y.Count, Flag(epilogue.Bias is not null), Flag(epilogue.Addend is not null), Flag(epilogue.Relu));
        ProductLaunch.Tiled(
            device.Stream, (Tiles(columns), Tiles(rows), groups * parts), device.View(a), b, device.View(epilogue.Bias), device.View(epilogue.Addend), target, problem, size);
    }

    private static int Tiles(int extent) => (int)(((long)extent + ProductKernels.Tile - 1) / ProductKernels.Tile);

    private static int Flag(bool value) => value ? 1 : 0;
}
