// Pooling and its gradients, channels last. A work-item makes one value of the side that is written, neighbours neighbouring channels; gradients gather from the windows that hold a pixel, in the order of
// the windows, so that no two work-items add to one value. Letters as in PoolingGeometry: x [N,H,W,C], y [N,P,Q,C], windows of R × S.
// R·S loads a value, of which neighbouring windows share most: bytes of x read and of y written once are the limit. Formulas: PoolingGeometry. LanePoolingKernels does the same for a driver that runs work-items on a processor.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal readonly record struct PoolingSizes(
    int H, int W, int C, int P, int Q, int R, int S, int StrideY, int StrideX, int PadTop, int PadLeft, int Divisor, long XCount, long YCount)
{
    public static PoolingSizes Of(PoolingGeometry g, PoolingDivisor divisor) => new(
        g.InHeight, g.InWidth, g.Channels, g.OutHeight, g.OutWidth, g.KernelHeight, g.KernelWidth, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, (int)divisor, g.InShape.Count, g.OutShape.Count);

    /// <summary>The divisor of a window that begins at row h and column w of x.</summary>
    public float DivisorAt(int h, int w)
    {
        if (Divisor == (int)PoolingDivisor.One)
            return 1;
        if (Divisor == (int)PoolingDivisor.Window)
            return R * S;
        int rows = Math.Min(h + R, H) - Math.Max(h, 0);
        int columns = Math.Min(w + S, W) - Math.Max(w, 0);
        return Math.Max(rows, 0) * Math.Max(columns, 0);
    }
}

/// <summary>A window's largest value and which of its elements it is, r·S + s; −1 where nothing of x lies under the window.</summary>
internal readonly record struct Largest(float Value, int Place);

internal static class PoolingKernels
{
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Max(ArrayView<float> x, ArrayView<float> y, ArrayView<float> argument, PoolingSizes sizes, int wantsArgument)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.YCount)
            return;
        int w0 = ((int)(pixel % sizes.Q) * sizes.StrideX) - sizes.PadLeft;
        int h0 = ((int)(pixel / sizes.Q % sizes.P) * sizes.StrideY) - sizes.PadTop;
        Largest found = LargestOf(x, pixel / sizes.Q / sizes.P * sizes.H, h0, w0, c, sizes);
        y[i] = found.Value;
        if (wantsArgument != 0)
            argument[i] = found.Place;
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void MaxBackward(ArrayView<float> argument, ArrayView<float> gy, ArrayView<float> gx, PoolingSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.XCount)
            return;
        int w = (int)(pixel % sizes.W) + sizes.PadLeft;
        int h = (int)(pixel / sizes.W % sizes.H) + sizes.PadTop;
        gx[i] = MaxGradientOf(argument, gy, pixel / sizes.W / sizes.H * sizes.P, h, w, c, sizes);
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Average(ArrayView<float> x, ArrayView<float> y, PoolingSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.YCount)
            return;
        int w0 = ((int)(pixel % sizes.Q) * sizes.StrideX) - sizes.PadLeft;
        int h0 = ((int)(pixel / sizes.Q % sizes.P) * sizes.StrideY) - sizes.PadTop;
        y[i] = AverageOf(x, pixel / sizes.Q / sizes.P * sizes.H, h0, w0, c, sizes);
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void AverageBackward(ArrayView<float> gy, ArrayView<float> gx, PoolingSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.XCount)
            return;
        int w = (int)(pixel % sizes.W) + sizes.PadLeft;
        int h = (int)(pixel / sizes.W % sizes.H) + sizes.PadTop;
        gx[i] = AverageGradientOf(gy, pixel / sizes.W / sizes.H * sizes.P, h, w, c, sizes);
    }

    /// <summary>The largest value under the window that begins at row h0 and column w0 of an image of x, whose first row is <paramref name="image"/>.</summary>
    internal static Largest LargestOf(ArrayView<float> x, long image, int h0, int w0, int c, PoolingSizes sizes)
    {
        float best = float.NegativeInfinity;
        int place = -1;
        for (int r = Math.Max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++)
        {
            for (int s = Math.Max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++)
            {
                float value = x[((((image + h0 + r) * sizes.W) + w0 + s) * sizes.C) + c];
                // The first of equal ones; the first NaN beats every number and stays.
                bool larger = place < 0 || value > best || (float.IsNaN(value) && !float.IsNaN(best));
                best = larger ? value : best;
                place = larger ? (r * sizes.S) + s : place;
            }
        }
        return new Largest(best, place);
    }

    /// <summary>The sum of gy over the windows whose largest value lies at row h and column w, both counted from the padding's edge; the image's first row of gy is <paramref name="image"/>.</summary>
    internal static float MaxGradientOf(ArrayView<float> argument, ArrayView<float> gy, long image, int h, int w, int c, PoolingSizes sizes)
    {
        int endP = Math.Min((h / sizes.StrideY) + 1, sizes.P);
        int endQ = Math.Min((w / sizes.StrideX) + 1, sizes.Q);
        float sum = 0;
        for (int p = First(h, sizes.R, sizes.StrideY); p < endP; p++)
        {
            for (int q = First(w, sizes.S, sizes.StrideX); q < endQ; q++)
            {
                long at = ((((image + p) * sizes.Q) + q) * sizes.C) + c;
                int mine = ((h - (p * sizes.StrideY)) * sizes.S) + w - (q * sizes.StrideX);
                if ((int)argument[at] == mine)
                    sum += gy[at];
            }
        }
        return sum;
    }

    /// <summary>The sum over a window, divided; letters as in <see cref="LargestOf"/>.</summary>
    internal static float AverageOf(ArrayView<float> x, long image, int h0, int w0, int c, PoolingSizes sizes)
    {
        float sum = 0;
        for (int r = Math.Max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++)
        {
            for (int s = Math.Max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++)
                sum += x[((((image + h0 + r) * sizes.W) + w0 + s) * sizes.C) + c];
        }
        float divisor = sizes.DivisorAt(h0, w0);
        return divisor > 0 ? sum / divisor : 0;
    }

    /// <summary>The sum over the windows that hold a pixel of gy, each divided; letters as in <see cref="MaxGradientOf"/>.</summary>
    internal static float AverageGradientOf(ArrayView<float> gy, long image, int h, int w, int c, PoolingSizes sizes)
    {
        int endP = Math.Min((h / sizes.StrideY) + 1, sizes.P);
        int endQ = Math.Min((w / sizes.StrideX) + 1, sizes.Q);
        float sum = 0;
        for (int p = First(h, sizes.R, sizes.StrideY); p < endP; p++)
        {
            for (int q = First(w, sizes.S, sizes.StrideX); q < endQ; q++)
                sum += gy[((((image + p) * sizes.Q) + q) * sizes.C) + c] / sizes.DivisorAt((p * sizes.StrideY) - sizes.PadTop, (q * sizes.StrideX) - sizes.PadLeft);
        }
        return sum;
    }

    /// <summary>The first window that holds the padded coordinate: the smallest p with p·stride + kernel > at.</summary>
    internal static int First(int at, int kernel, int stride) => at < kernel ? 0 : (at - kernel + stride) / stride;
}
