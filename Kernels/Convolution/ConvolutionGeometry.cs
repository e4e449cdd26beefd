namespace NativeFree.Kernels;

/// <summary>
/// The sizes of a convolution. Shared by the forward pass and both gradients, and by transposed convolution, which is the input gradient of the convolution described here.
/// y[n,p,q,o] = Σ over r,s,i of x[n, p·StrideY − PadTop + r·DilationY, q·StrideX − PadLeft + s·DilationX, i] · w[r,s,i,o]; x counts as 0 outside; no flip.
/// With groups, output channels of group g see only the input channels of group g.
/// </summary>
public sealed record ConvolutionGeometry
{
    private ConvolutionGeometry()
    {
    }

    /// <summary>Images, N.</summary>
    public required int Batch { get; init; }

    /// <summary>Rows of x, H.</summary>
    public required int InHeight { get; init; }

    /// <summary>Columns of x, W.</summary>
    public required int InWidth { get; init; }

    /// <summary>Channels of x, all groups together.</summary>
    public required int InChannels { get; init; }

    /// <summary>Rows of y, P.</summary>
    public required int OutHeight { get; init; }

    /// <summary>Columns of y, Q.</summary>
    public required int OutWidth { get; init; }

    /// <summary>Channels of y, all groups together.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Filter rows, R.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Filter columns, S.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Rows from one output row to the next.</summary>
    public required int StrideY { get; init; }

    /// <summary>Columns from one output column to the next.</summary>
    public required int StrideX { get; init; }

    /// <summary>Rows of zeros above x. Below, as many as the output needs.</summary>
    public required int PadTop { get; init; }

    /// <summary>Columns of zeros left of x. On the right, as many as the output needs.</summary>
    public required int PadLeft { get; init; }

    /// <summary>Rows from one filter row to the next.</summary>
    public required int DilationY { get; init; }

    /// <summary>Columns from one filter column to the next.</summary>
    public required int DilationX { get; init; }

    /// <summary>Groups of channels.</summary>
    public required int Groups { get; init; }

    /// <summary>[N, H, W, C].</summary>
    public Shape InShape => new(Batch, InHeight, InWidth, InChannels);

    /// <summary>[N, P, Q, O].</summary>
    public Shape OutShape => new(Batch, OutHeight, OutWidth, OutChannels);

    /// <summary>[R, S, I, O] with I the input channels of one group.</summary>
    public Shape FilterShape => new(KernelHeight, KernelWidth, InChannels / Groups, OutChannels);

    /// <summary>Multiplications and additions of the definition, padding counted: 2·N·P·Q·R·S·I·O.</summary>
    public long Flops => 2L * Batch * OutHeight * OutWidth * KernelHeight * KernelWidth * (InChannels / Groups) * OutChannels;

    /// <summary>The convolution of <paramref name="x"/> [N,H,W,C] with <paramref name="w"/> [R,S,I,O]: P = ⌊(H + top + bottom − ((R−1)·dilation + 1)) / stride⌋ + 1.</summary>
    /// <exception cref="ShapeException">Ranks are not 4; a stride, dilation or group count is below 1; a padding is negative; channels do not divide into groups or do
    /// not match the filter; or the filter is larger than the padded input.</exception>
    public static ConvolutionGeometry Create(Shape x, Shape w, (int Y, int X) stride, Padding pad, (int Y, int X) dilation, int groups)
    {
        const string where = "Convolution";
        Check(where, x, w, stride, pad, dilation, groups);
        if (x[3] != (long)w[2] * groups)
            throw new ShapeException($"{where}: the filter expects {(long)w[2] * groups} input channels but x has {x[3]} (x = {x}, w = {w}, groups = {groups}).");
        return new ConvolutionGeometry
        {
            Batch = x[0],
            InHeight = x[1],
            InWidth = x[2],
            InChannels = x[3],
            OutHeight = OutSize(where, x[1], w[0], stride.Y, pad.Top, pad.Bottom, dilation.Y),
            OutWidth = OutSize(where, x[2], w[1], stride.X, pad.Left, pad.Right, dilation.X),
            OutChannels = w[3],
            KernelHeight = w[0],
            KernelWidth = w[1],
            StrideY = stride.Y,
            StrideX = stride.X,
            PadTop = pad.Top,
            PadLeft = pad.Left,
            DilationY = dilation.Y,
            DilationX = dilation.X,
            Groups = groups,
        };
    }

    /// <summary>
    /// The convolution whose input gradient is the transposed convolution of <paramref name="x"/> [N,h,w,I] with <paramref name="w"/> [R,S,O/groups,I]: its output is x, its input the result. The result
    /// has stride·(h−1) + k′ − top − bottom rows, k′ = (R−1)·dilation + 1, unless <paramref name="outSize"/> says otherwise; then the padding at top and left gives the placement, and pixels that no
    /// filter element reaches hold the bias alone.
    /// </summary>
    /// <exception cref="ShapeException">As for <see cref="Create"/>; or the result would have no row or column, or a negative number of them.</exception>
    public static ConvolutionGeometry CreateTransposed(Shape x, Shape w, (int Y, int X) stride, Padding pad, (int Y, int X) dilation, int groups, (int Height, int Width)? outSize)
    {
        const string where = "TransposedConvolution";
        Check(where, x, w, stride, pad, dilation, groups);
        if (x[3] != w[3])
            throw new ShapeException($"{where}: the filter expects {w[3]} input channels but x has {x[3]} (x = {x}, w = {w}).");
        (long height, long width) = outSize ?? (
            (stride.Y * ((long)x[1] - 1)) + ((w[0] - 1L) * dilation.Y) + 1 - pad.Top - pad.Bottom,
            (stride.X * ((long)x[2] - 1)) + ((w[1] - 1L) * dilation.X) + 1 - pad.Left - pad.Right);
        if (height < 1 || width < 1 || height > int.MaxValue || width > int.MaxValue)
            throw new ShapeException($"{where}: the result has at least one row and column; {height}×{width} follows from x = {x}, w = {w}, stride {stride}, padding {pad}.");
        return new ConvolutionGeometry
        {
            Batch = x[0],
            InHeight = (int)height,
            InWidth = (int)width,
            InChannels = checked(w[2] * groups),
            OutHeight = x[1],
            OutWidth = x[2],
            OutChannels = x[3],
            KernelHeight = w[0],
            KernelWidth = w[1],
            StrideY = stride.Y,
            StrideX = stride.X,
            PadTop = pad.Top,
            PadLeft = pad.Left,
            DilationY = dilation.Y,
            DilationX = dilation.X,
            Groups = groups,
        };
    }

    /// <summary>One line with all sizes.</summary>
    public override string ToString() =>
        $"{Batch}×{InHeight}×{InWidth}×{InChannels} → {Batch}×{OutHeight}×{OutWidth}×{OutChannels}, {KernelHeight}×{KernelWidth}, stride {StrideY}×{StrideX}, " +
        $"pad {PadTop},{PadLeft}, dilation {DilationY}×{DilationX}, groups {Groups}";

    private static void Check(string where, Shape x, Shape w, (int Y, int X) stride, Padding pad, (int Y, int X) dilation, int groups)
    {
        if (x.Rank != 4 || w.Rank != 4)
            throw new ShapeException($"{where}: x is [N, H, W, C] and w [R, S, I, O]; got x = {x}, w = {w}.");
        if (stride.Y < 1 || stride.X < 1 || dilation.Y < 1 || dilation.X < 1 || groups < 1)
            throw new ShapeException($"{where}: stride, dilation and groups are at least 1; got stride {stride}, dilation {dilation}, groups {groups}.");
        if (pad.Top < 0 || pad.Left < 0 || pad.Bottom < 0 || pad.Right < 0)
            throw new ShapeException($"{where}: padding is not negative; got {pad}.");
        if (w[0] < 1 || w[1] < 1)
            throw new ShapeException($"{where}: the filter has at least one row and column; got w = {w}.");
        if (w[3] % groups != 0)
            throw new ShapeException($"{where}: the filter's last axis divides into the groups; {w[3]} channels, {groups} groups (w = {w}).");
    }

    private static int OutSize(string where, int size, int kernel, int stride, int before, int after, int dilation)
    {
        long room = (long)size + before + after - (((kernel - 1L) * dilation) + 1);
        if (room < 0)
            throw new ShapeException($"{where}: the filter fits into the padded input; {size} + {before} + {after} < ({kernel} − 1)·{dilation} + 1.");
        return checked((int)(room / stride) + 1);
    }
}
