// Changing the size of activations, channels last. A work-item makes one value of the side that is written; gradients gather in the order of the outputs that read a pixel. The weights come from the host, where they are
// computed in double. Letters: x [N,H,W,C], y [N,P,Q,C]. Neighbours take neighbouring channels; a pixel's up to four neighbours lie in lines that other work-items read too: bytes written and read once are the limit.
// LaneResamplingKernels does the same for a driver that runs work-items on a processor.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal readonly record struct ResizeSizes(int H, int W, int C, int P, int Q, int ScaleY, int ScaleX, long Count);

internal static class ResamplingKernels
{
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Nearest(ArrayView<float> x, ArrayView<float> y, ResizeSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.Count)
            return;
        int q = (int)(pixel % sizes.Q) / sizes.ScaleX;
        int p = (int)(pixel / sizes.Q % sizes.P) / sizes.ScaleY;
        long image = pixel / sizes.Q / sizes.P;
        y[i] = x[(((((image * sizes.H) + p) * sizes.W) + q) * sizes.C) + c];
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void NearestBackward(ArrayView<float> gy, ArrayView<float> gx, ResizeSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.Count)
            return;
        gx[i] = NearestGradientOf(gy, pixel / sizes.W / sizes.H, (int)(pixel / sizes.W % sizes.H), (int)(pixel % sizes.W), c, sizes);
    }

    // An axis' table: for each output the lower and the upper input; its weights lie in a view of their own.
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Bilinear(
        ArrayView<float> x, ArrayView<float> y, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, ResizeSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.Count)
            return;
        y[i] = BilinearOf(x, rows, rowWeights, columns, columnWeights, pixel / sizes.Q / sizes.P * sizes.H, (int)(pixel / sizes.Q % sizes.P), (int)(pixel % sizes.Q), c, sizes);
    }

    // A table: for each input the first output that reads it and the end of them, behind the outputs' own entries.
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void BilinearBackward(
        ArrayView<float> gy, ArrayView<float> gx, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, ResizeSizes sizes)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * sizes.C) + c;
        if (c >= sizes.C || i >= sizes.Count)
            return;
        gx[i] = BilinearGradientOf(gy, rows, rowWeights, columns, columnWeights, pixel / sizes.W / sizes.H * sizes.P, (int)(pixel / sizes.W % sizes.H), (int)(pixel % sizes.W), c, sizes);
    }

    /// <summary>gx of channel c at row h and column w of an image: the sum over the pixels that copied it.</summary>
    internal static float NearestGradientOf(ArrayView<float> gy, long image, int h, int w, int c, ResizeSizes sizes)
    {
        float sum = 0;
        for (int r = 0; r < sizes.ScaleY; r++)
        {
            for (int s = 0; s < sizes.ScaleX; s++)
                sum += gy[(((((image * sizes.P) + (h * sizes.ScaleY) + r) * sizes.Q) + (w * sizes.ScaleX) + s) * sizes.C) + c];
        }
        return sum;
    }

    /// <summary>y of channel c at row p and column q; the image's first row of x is <paramref name="image"/>.</summary>
    internal static float BilinearOf(
        ArrayView<float> x, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, long image, int p, int q, int c, ResizeSizes sizes)
    {
        float upper = Between(x, image + rows[p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
        float lower = Between(x, image + rows[sizes.P + p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
        return upper + (rowWeights[p] * (lower - upper));
    }

    /// <summary>gx of channel c at row h and column w; the image's first row of gy is <paramref name="image"/>.</summary>
    internal static float BilinearGradientOf(
        ArrayView<float> gy, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, long image, int h, int w, int c, ResizeSizes sizes)
    {
        int firstQ = columns[(2 * sizes.Q) + w];
        int endQ = columns[(2 * sizes.Q) + sizes.W + w];
        int endP = rows[(2 * sizes.P) + sizes.H + h];
        float sum = 0;
        for (int p = rows[(2 * sizes.P) + h]; p < endP; p++)
        {
            float line = 0;
            for (int q = firstQ; q < endQ; q++)
                line += Weight(columns, columnWeights, q, sizes.Q, w) * gy[((((image + p) * sizes.Q) + q) * sizes.C) + c];
            sum += Weight(rows, rowWeights, p, sizes.P, h) * line;
        }
        return sum;
    }

    /// <summary>The weight with which an output reads an input; both neighbours may be the same at the edge.</summary>
    internal static float Weight(ArrayView<int> table, ArrayView<float> weights, int output, int outputs, int input)
    {
        float weight = table[output] == input ? 1 - weights[output] : 0;
        return table[outputs + output] == input ? weight + weights[output] : weight;
    }

    private static float Between(ArrayView<float> x, long row, int left, int right, float weight, int c, ResizeSizes sizes)
    {
        float a = x[(((row * sizes.W) + left) * sizes.C) + c];
        float b = x[(((row * sizes.W) + right) * sizes.C) + c];
        return a + (weight * (b - a));
    }
}
