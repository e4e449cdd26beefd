namespace NativeFree.Kernels;

/// <summary>
/// Convolution on the SIMD engine. Forward passes and input gradients run as <see cref="GatherConvolution"/>, filter gradients as <see cref="FilterGradient"/>, one-channel groups as
/// <see cref="DepthwiseConvolution"/>; 3×3 with stride 1 and enough pixels as <see cref="WinogradConvolution"/> and <see cref="WinogradFilterGradient"/>,
/// with few of them as <see cref="WinogradFewTiles"/>.
/// </summary>
internal sealed unsafe class CpuConvolution(CpuDevice device) : IConvolution
{
    // With fewer channels than a vector a tap is too short a run; a whole filter row (7 × 3 channels = 21 floats) is not.
    private const int FewChannels = 16;

    public void Forward(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y, in Epilogue epilogue)
    {
        Check(geometry, x, w, y, epilogue, geometry.OutChannels, y);
        if (IsDepthwise(geometry))
        {
            new DepthwiseConvolution(device, GatherPlan.Forward(geometry), w.Pointer, x.Pointer, y.Pointer, epilogue).Run();
        }
        else if (WinogradConvolution.PaysOnce(geometry))
        {
            using var winograd = new WinogradConvolution(device, geometry, w.Pointer);
            winograd.Run(x.Pointer, y.Pointer, epilogue);
        }
        else if (WinogradFewTiles.PaysOnce(geometry))
        {
            new WinogradFewTiles(device, geometry).Run(x.Pointer, w.Pointer, y.Pointer, epilogue);
        }
        else if (ReadsWholeRows(geometry))
        {
            using PaddedRows rows = PaddedRows.Of(device, geometry, x);
            new GatherConvolution(device, GatherPlan.ForwardByRows(geometry, rows.Width), RowPanels(geometry, w.Pointer), rows.Pointer, y.Pointer, epilogue).Run();
        }
        else
        {
            new GatherConvolution(device, GatherPlan.Forward(geometry), ForwardPanels(geometry, w.Pointer), x.Pointer, y.Pointer, epilogue).Run();
        }
        y.Touch();
    }

    public void BackwardInput(ConvolutionGeometry geometry, Tensor gy, Tensor w, Tensor gx, in Epilogue epilogue)
    {
        Check(geometry, gx, w, gy, epilogue, geometry.InChannels, gx);
        if (IsDepthwise(geometry))
        {
            new DepthwiseConvolution(device, GatherPlan.BackwardInput(geometry), w.Pointer, gy.Pointer, gx.Pointer, epilogue).Run();
        }
        else if (WinogradConvolution.PaysOnce(geometry))
        {
            using var winograd = new WinogradConvolution(device, WinogradConvolution.Mirror(geometry), w.Pointer, mirrored: true);
            winograd.Run(gy.Pointer, gx.Pointer, epilogue);
        }
        else if (WinogradFewTiles.PaysOnce(WinogradConvolution.Mirror(geometry)) && WinogradConvolution.Fits(geometry))
        {
            new WinogradFewTiles(device, WinogradConvolution.Mirror(geometry), mirrored: true).Run(gy.Pointer, w.Pointer, gx.Pointer, epilogue);
        }
        else
        {
            new GatherConvolution(device, GatherPlan.BackwardInput(geometry), BackwardPanels(geometry, w.Pointer), gy.Pointer, gx.Pointer, epilogue).Run();
        }
        gx.Touch();
    }

    public void BackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw)
    {
        Check(geometry, x, gw, gy, Epilogue.None, 0, gw);
        if (IsDepthwise(geometry))
            DepthwiseConvolution.FilterGradient(device, geometry, x.Pointer, gy.Pointer, gw.Pointer);
        else if (WinogradConvolution.PaysOnce(geometry) || WinogradFewTiles.PaysOnce(geometry))
            new WinogradFilterGradient(device, geometry).Run(x.Pointer, gy.Pointer, gw.Pointer);
        else
            new FilterGradient(device, geometry, x, gy, gw).Run();
        gw.Touch();
    }

    public PreparedConvolution Prepare(ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, WeightFormat format = WeightFormat.Single, PoolingGeometry? window = null) =>
        Prepare(geometry, geometry.Batch, w, bias, relu, transposed, resultChannels, format, window);

    /// <summary>
    /// As <see cref="IConvolution.Prepare"/>, for tensors of <paramref name="pictures"/> images out of the batch of <paramref name="whole"/> and its <paramref name="window"/>. The algorithm is the one chosen for the whole batch, so
    /// that the parts have its bits.
    /// </summary>
    internal PreparedConvolution Prepare(ConvolutionGeometry whole, int pictures, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, WeightFormat format, PoolingGeometry? window)
    {
        device.Expect("Convolution.Prepare", w, bias);
        ShapeException.RequireEqual("Convolution.Prepare: filter", whole.FilterShape, w.Shape);
        if (bias is not null)
            ShapeException.RequireEqual("Convolution.Prepare: bias", new Shape(transposed ? whole.InChannels : whole.OutChannels), bias.Shape);
        if (window is not null && (transposed || !Pools(whole, window)))
            throw new ShapeException($"Convolution.Prepare: a pooling is one that Pools accepts, behind a convolution; got {window} behind {whole}{(transposed ? ", transposed" : "")}; pool in a step of its own.");
        ConvolutionGeometry geometry = whole with { Batch = pictures };
        if (IsDepthwise(geometry))
            return new UnpackedConvolution(device, geometry, w, bias, relu, transposed, resultChannels);
        KernelVariant variant = transposed ? KernelVariant.Direct : device.Choices.For(whole);
        if (IsWinograd(variant))
            return new PreparedWinograd(device, geometry, w, bias, relu, resultChannels, variant, window is null ? null : window with { Batch = pictures });
        if (geometry.OutShape.Count == 0 || geometry.InShape.Count == 0)
            return new UnpackedConvolution(device, geometry, w, bias, relu, transposed, resultChannels);
        return new PackedConvolution(device, geometry, w, bias, relu, transposed, resultChannels, variant, format);
    }

    /// <summary>Bytes that a prepared filter takes at most, padding of its panels aside: of Winograd's 36 values for each 9.</summary>
    internal long FilterBytes(ConvolutionGeometry geometry, bool transposed) =>
        geometry.FilterShape.Count * sizeof(float) * (!transposed && !IsDepthwise(geometry) && IsWinograd(device.Choices.For(geometry)) ? 4 : 1);

    public bool Pools(ConvolutionGeometry geometry, PoolingGeometry window) =>
        window.InShape == geometry.OutShape && WinogradTiles.Pools(window) && !IsDepthwise(geometry) && device.Choices.For(geometry) is KernelVariant.WinogradBlocks or KernelVariant.WinogradPhases;

    /// <summary>Whether a filter row is one run in the input: no other group's channels and no skipped pixels between its elements.</summary>
    internal static bool CanReadWholeRows(ConvolutionGeometry g) => g.Groups == 1 && g.DilationX == 1 && g.KernelWidth > 1;

    /// <summary>Whether it is, and is likely faster so.</summary>
    internal static bool ReadsWholeRows(ConvolutionGeometry g) => CanReadWholeRows(g) && g.InChannels < FewChannels;

    private static bool IsWinograd(KernelVariant variant) => variant is KernelVariant.WinogradBlocks or KernelVariant.WinogradPhases or KernelVariant.WinogradSmallTiles;

    internal static FilterPanels ForwardPanels(ConvolutionGeometry g, float* w) => new()
    {
        Source = w,
        GroupStride = g.OutChannels / g.Groups,
        TapStride = (long)(g.InChannels / g.Groups) * g.OutChannels,
        KStride = g.OutChannels,
        ColumnStride = 1,
        Columns = g.OutChannels / g.Groups,
    };

    internal static FilterPanels RowPanels(ConvolutionGeometry g, float* w) => new()
    {
        Source = w,
        GroupStride = 0,
        TapStride = (long)g.KernelWidth * g.InChannels * g.OutChannels,
        KStride = g.OutChannels,
        ColumnStride = 1,
        Columns = g.OutChannels,
    };

    internal static FilterPanels BackwardPanels(ConvolutionGeometry g, float* w) => new()
    {
        Source = w,
        GroupStride = g.OutChannels / g.Groups,
        TapStride = (long)(g.InChannels / g.Groups) * g.OutChannels,
        KStride = 1,
        ColumnStride = g.OutChannels,
        Columns = g.InChannels / g.Groups,
    };

    private static bool IsDepthwise(ConvolutionGeometry g) => g.Groups > 1 && g.InChannels == g.Groups && g.OutChannels == g.Groups;

    private void Check(ConvolutionGeometry g, Tensor x, Tensor w, Tensor y, in Epilogue epilogue, int channels, Tensor result)
    {
        device.Expect("Convolution", x, w, y, epilogue.Bias, epilogue.Addend);
        if (x.Shape != g.InShape || w.Shape != g.FilterShape || y.Shape != g.OutShape)
            throw new ShapeException($"Convolution: tensors have the geometry's shapes; x = {x.Shape}, w = {w.Shape}, y = {y.Shape}, geometry {g}.");
        if (epilogue.Bias is { } bias && bias.Count != channels)
            throw new ShapeException($"Convolution: the bias has one value per output channel; {channels} channels, bias {bias.Shape}.");
        if (epilogue.Addend is { } addend && addend.Shape != result.Shape)
            throw new ShapeException($"Convolution: the addend has the result's shape; {result.Shape}, addend {addend.Shape}.");
    }
}
