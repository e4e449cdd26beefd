namespace NativeFree.Kernels;

/// <summary>One axis of a pooling: which pixels a window holds, and which windows hold a pixel.</summary>
internal readonly record struct WindowAxis(int In, int Out, int Kernel, int Stride, int Pad)
{
    /// <summary>Pixels under window <paramref name="p"/>: <c>From</c> ≤ h &lt; <c>To</c>, and the place of pixel 0 within the window counted from its start is <c>−Start</c>.</summary>
    public (int Start, int From, int To) Pixels(int p)
    {
        int start = (p * Stride) - Pad;
        return (start, Math.Max(start, 0), Math.Min(start + Kernel, In));
    }

    /// <summary>Windows that hold pixel <paramref name="h"/>: From ≤ p &lt; To.</summary>
    public (int From, int To) Windows(int h)
    {
        int last = (h + Pad) / Stride;
        int first = h + Pad - Kernel + 1;
        first = first <= 0 ? 0 : (first + Stride - 1) / Stride;
        return (first, Math.Min(last + 1, Out));
    }

    public static (WindowAxis Y, WindowAxis X) Of(PoolingGeometry g) => (
        new WindowAxis(g.InHeight, g.OutHeight, g.KernelHeight, g.StrideY, g.PadTop),
        new WindowAxis(g.InWidth, g.OutWidth, g.KernelWidth, g.StrideX, g.PadLeft));
}
