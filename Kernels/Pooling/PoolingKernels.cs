// Pooling and its gradients, channels last. A work-item makes one value of the side that is written, neighbours neighbouring channels; gradients gather from the windows that hold a pixel, in the order of
// the windows, so that no two work-items add to one value. Letters as in PoolingGeometry: x [N,H,W,C], y [N,P,Q,C], windows of R × S.
// R·S loads a value, of which neighbouring windows share most: bytes of x read and of y written once are the limit. Formulas: PoolingGeometry.
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
        long image = pixel / sizes.Q / sizes.P * sizes.H;
        float best = float.NegativeInfinity;
        int where = -1;
        for (int r = Math.Max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++)
        {
            for (int s = Math.Max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++)
            {
                float value = x[((((image + h0 + r) * sizes.W) + w0 + s) * sizes.C) + c];
                // The first of equal ones; the first NaN beats every number and stays.
                bool larger = where < 0 || value > best || (float.IsNaN(value) && !float.IsNaN(best));
                best = larger ? value : best;
                where = larger ? (r * sizes.S) + s : where;
            }
        }
        y[i] = best;
        if (wantsArgument != 0)
            argument[i] = where;
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
        long image = pixel / sizes.W / sizes.H * sizes.P;
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
        gx[i] = sum;
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
        long image = pixel / sizes.Q / sizes.P * sizes.H;
        float sum = 0;
        for (int r = Math.Max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++)
        {
            for (int s = Math.Max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++)
                sum += x[((((image + h0 + r) * sizes.W) + w0 + s) * sizes.C) + c];
        }
        float divisor = sizes.DivisorAt(h0, w0);
        y[i] = divisor > 0 ? sum / divisor : 0;
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
        long image = pixel / sizes.W / sizes.H * sizes.P;
        int endP = Math.Min((h / sizes.StrideY) + 1, sizes.P);
        int endQ = Math.Min((w / sizes.StrideX) + 1, sizes.Q);
        float sum = 0;
        for (int p = First(h, sizes.R, sizes.StrideY); p < endP; p++)
        {
            for (int q = First(w, sizes.S, sizes.StrideX); q < endQ; q++)
                sum += gy[((((image + p) * sizes.Q) + q) * sizes.C) + c] / sizes.DivisorAt((p * sizes.StrideY) - sizes.PadTop, (q * sizes.StrideX) - sizes.PadLeft);
        }
        gx[i] = sum;
    }

    // The first window that holds the padded coordinate: the smallest p with p·stride + kernel > at.
    private static int First(int at, int kernel, int stride) => at < kernel ? 0 : (at - kernel + stride) / stride;
}
