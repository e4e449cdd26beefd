// Convolution and its gradients row by row, for RowProductKernels. Letters as in ConvolutionGeometry: x [N,H,W,C], w [R,S,I,O], y [N,P,Q,O]; I and o count within a group of channels.
namespace NativeFree.Kernels;

/// <summary>
/// y: a row is an output pixel, a stretch a filter row of which all taps lie side by side in x (S·I elements, cut where the filter leaves the image), or a single tap where dilation or groups of channels keep taps apart.
/// </summary>
internal readonly record struct ForwardRows(ConvolutionSizes Sizes, int TapsOfStretch) : IRowProblem
{
    /// <summary>How many taps of a filter row are neighbours in x.</summary>
    public static int TapsTogether(ConvolutionGeometry g) => g.Groups == 1 && g.DilationX == 1 ? g.KernelWidth : 1;

    public Place Row(int row, int group)
    {
        int q = row % Sizes.Q;
        int p = row / Sizes.Q % Sizes.P;
        long n = row / Sizes.Q / Sizes.P;
        return new Place((n * Sizes.H * Sizes.W * Sizes.C) + (group * Sizes.I), (p * Sizes.StrideY) - Sizes.PadTop, (q * Sizes.StrideX) - Sizes.PadLeft);
    }

    public Stretch Begin(Place row, int stretch)
    {
        int tap = stretch * TapsOfStretch;
        int h = row.Y + (tap / Sizes.S * Sizes.DilationY);
        int w = row.X + (tap % Sizes.S * Sizes.DilationX);
        int first = Math.Max(-w, 0);
        int end = Math.Min(Sizes.W - w, TapsOfStretch);
        bool inside = h >= 0 && h < Sizes.H && end > first;
        return new Stretch(row.At + ((((long)h * Sizes.W) + w) * Sizes.C), first * Sizes.I, inside ? (end - first) * Sizes.I : 0);
    }
}

/// <summary>gx: a row is an input pixel, a stretch a tap: all output channels of the one pixel of gy that the tap connects with it, if there is one.</summary>
internal readonly record struct InputGradientRows(ConvolutionSizes Sizes) : IRowProblem
{
    public Place Row(int row, int group)
    {
        int w = row % Sizes.W;
        int h = row / Sizes.W % Sizes.H;
        long n = row / Sizes.W / Sizes.H;
        return new Place((n * Sizes.P * Sizes.Q * Sizes.YPitch) + (group * Sizes.GroupO), h + Sizes.PadTop, w + Sizes.PadLeft);
    }

    public Stretch Begin(Place row, int stretch)
    {
        int y = row.Y - (stretch / Sizes.S * Sizes.DilationY);
        int x = row.X - (stretch % Sizes.S * Sizes.DilationX);
        int p = y / Sizes.StrideY;
        int q = x / Sizes.StrideX;
        bool inside = y >= 0 && x >= 0 && p < Sizes.P && q < Sizes.Q && p * Sizes.StrideY == y && q * Sizes.StrideX == x;
        return new Stretch(row.At + ((((long)p * Sizes.Q) + q) * Sizes.YPitch), 0, inside ? Sizes.GroupO : 0);
    }
}

/// <summary>gw: a row is an input channel of a tap, a stretch a row of output pixels: the pixels of x that the tap meets from there, a stride apart.</summary>
internal readonly record struct FilterGradientRows(ConvolutionSizes Sizes) : IRowProblem
{
    public Place Row(int row, int group)
    {
        int tap = row / Sizes.I;
        return new Place((group * Sizes.I) + (row % Sizes.I), (tap / Sizes.S * Sizes.DilationY) - Sizes.PadTop, (tap % Sizes.S * Sizes.DilationX) - Sizes.PadLeft);
    }

    public Stretch Begin(Place row, int stretch)
    {
        long n = stretch / Sizes.P;
        int h = (stretch % Sizes.P * Sizes.StrideY) + row.Y;
        int first = (Math.Max(-row.X, 0) + Sizes.StrideX - 1) / Sizes.StrideX;
        int end = row.X >= Sizes.W ? 0 : Math.Min(((Sizes.W - 1 - row.X) / Sizes.StrideX) + 1, Sizes.Q);
        bool inside = h >= 0 && h < Sizes.H && end > first;
        return new Stretch(row.At + ((((((n * Sizes.H) + h) * Sizes.W) + row.X) * Sizes.C)), first, inside ? end - first : 0);
    }
}
