namespace NativeFree.Kernels;

/// <summary>
/// The windows of a pooling: output pixel (p, q) looks at rows p·StrideY − PadTop … + KernelHeight − 1 of x and likewise columns, cut at the image. Shared by max, average, their gradients and unpooling, which is the
/// gradient of a sum over these windows.
/// </summary>
public sealed record PoolingGeometry
{
    private PoolingGeometry()
    {
    }

    /// <summary>Images, N.</summary>
    public required int Batch { get; init; }

    /// <summary>Rows of x, H.</summary>
    public required int InHeight { get; init; }

    /// <summary>Columns of x, W.</summary>
    public required int InWidth { get; init; }

    /// <summary>Channels, C.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows of y, P.</summary>
    public required int OutHeight { get; init; }

    /// <summary>Columns of y, Q.</summary>
    public required int OutWidth { get; init; }

    /// <summary>Rows of a window.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of a window.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one window to the next.</summary>
    public required int StrideY { get; init; }

    /// <summary>Columns from one window to the next.</summary>
    public required int StrideX { get; init; }

    /// <summary>Rows by which the first window begins above x.</summary>
    public required int PadTop { get; init; }

    /// <summary>Columns by which the first window begins left of x.</summary>
    public required int PadLeft { get; init; }

    /// <summary>[N, H, W, C].</summary>
    public Shape InShape => new(Batch, InHeight, InWidth, Channels);

    /// <summary>[N, P, Q, C].</summary>
    public Shape OutShape => new(Batch, OutHeight, OutWidth, Channels);

    /// <summary>
    /// The windows over <paramref name="x"/> [N,H,W,C]: P = ⌊(H + top + bottom − kernel) / stride⌋ + 1, with <paramref name="coverAll"/> ⌊(H + top + bottom − kernel + stride − 1) / stride⌋ + 1, so that every pixel lies in a
    /// window if kernel ≥ stride (Chainer's rule; the last window may hang over the edge).
    /// </summary>
    /// <exception cref="ShapeException">x is not of rank 4; a kernel size or stride is below 1; a padding is negative; or no window fits.</exception>
    public static PoolingGeometry Create(Shape x, (int Y, int X) kernel, (int Y, int X) stride, Padding pad, bool coverAll)
    {
        Check(x, kernel, stride, pad);
        return new PoolingGeometry
        {
            Batch = x[0],
            InHeight = x[1],
            InWidth = x[2],
            Channels = x[3],
            OutHeight = OutSize(x, x[1], kernel.Y, stride.Y, pad.Top, pad.Bottom, coverAll),
            OutWidth = OutSize(x, x[2], kernel.X, stride.X, pad.Left, pad.Right, coverAll),
            KernelHeight = kernel.Y,
            KernelWidth = kernel.X,
            StrideY = stride.Y,
            StrideX = stride.X,
            PadTop = pad.Top,
            PadLeft = pad.Left,
        };
    }

    /// <summary>
    /// The windows whose unpooling of <paramref name="x"/> [N,h,w,C] gives stride·(h − 1) + kernel − top − bottom rows, with <paramref name="coverAll"/> stride − 1 fewer (Chainer's rule: the size that pooling with
    /// cover-all would bring back to h). x is the geometry's output side, the result its input side.
    /// </summary>
    /// <exception cref="ShapeException">As for <see cref="Create"/>; or the result would have a size below 1.</exception>
    public static PoolingGeometry CreateUnpooling(Shape x, (int Y, int X) kernel, (int Y, int X) stride, Padding pad, bool coverAll)
    {
        Check(x, kernel, stride, pad);
        long height = ((long)stride.Y * (x[1] - 1)) + kernel.Y - pad.Top - pad.Bottom - (coverAll ? stride.Y - 1 : 0);
        long width = ((long)stride.X * (x[2] - 1)) + kernel.X - pad.Left - pad.Right - (coverAll ? stride.X - 1 : 0);
        if (height < 1 || width < 1 || height > int.MaxValue || width > int.MaxValue)
            throw new ShapeException($"Unpooling: the result has at least one row and column; {height}×{width} follows from x = {x}, kernel {kernel}, stride {stride}, padding {pad}.");
        return new PoolingGeometry
        {
            Batch = x[0],
            InHeight = (int)height,
            InWidth = (int)width,
            Channels = x[3],
            OutHeight = x[1],
            OutWidth = x[2],
            KernelHeight = kernel.Y,
            KernelWidth = kernel.X,
            StrideY = stride.Y,
            StrideX = stride.X,
            PadTop = pad.Top,
            PadLeft = pad.Left,
        };
    }

    /// <summary>One line with all sizes.</summary>
    public override string ToString() =>
        $"{Batch}×{InHeight}×{InWidth}×{Channels} → {OutHeight}×{OutWidth}, {KernelHeight}×{KernelWidth}, stride {StrideY}×{StrideX}, pad {PadTop},{PadLeft}";

    private static void Check(Shape x, (int Y, int X) kernel, (int Y, int X) stride, Padding pad)
    {
        if (x.Rank != 4)
            throw new ShapeException($"Pooling: x is [N, H, W, C]; got {x}.");
        if (kernel.Y < 1 || kernel.X < 1 || stride.Y < 1 || stride.X < 1)
            throw new ShapeException($"Pooling: kernel and stride are at least 1; got kernel {kernel}, stride {stride}.");
        if (pad.Top < 0 || pad.Left < 0 || pad.Bottom < 0 || pad.Right < 0)
            throw new ShapeException($"Pooling: padding is not negative; got {pad}.");
    }

    private static int OutSize(Shape x, int size, int kernel, int stride, int before, int after, bool coverAll)
    {
        long room = (long)size + before + after - kernel + (coverAll ? stride - 1 : 0);
        if (room < 0)
            throw new ShapeException($"Pooling: a window fits into the padded input; {size} + {before} + {after} < {kernel} (x = {x}).");
        return checked((int)((room / stride) + 1));
    }
}
