// Changing the size of activations, channels last. A work-item makes one value of the side that is written; gradients gather in the order of the outputs that read a pixel. The weights come from the host, where they are
// computed in double. Letters: x [N,H,W,C], y [N,P,Q,C]. Neighbours take neighbouring channels; a pixel's up to four neighbours lie in lines that other work-items read too: bytes written and read once are the limit.
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
        int w = (int)(pixel % sizes.W);
        int h = (int)(pixel / sizes.W % sizes.H);
        long image = pixel / sizes.W / sizes.H;
        float sum = 0;
        for (int r = 0; r < sizes.ScaleY; r++)
        {
            for (int s = 0; s < sizes.ScaleX; s++)
                sum += gy[(((((image * sizes.P) + (h * sizes.ScaleY) + r) * sizes.Q) + (w * sizes.ScaleX) + s) * sizes.C) + c];
        }
        gx[i] = sum;
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
        int q = (int)(pixel % sizes.Q);
        int p = (int)(pixel / sizes.Q % sizes.P);
        long image = pixel / sizes.Q / sizes.P * sizes.H;
        float upper = Between(x, image + rows[p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
        float lower = Between(x, image + rows[sizes.P + p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
        y[i] = upper + (rowWeights[p] * (lower - upper));
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
        int w = (int)(pixel % sizes.W);
        int h = (int)(pixel / sizes.W % sizes.H);
        long image = pixel / sizes.W / sizes.H * sizes.P;
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
        gx[i] = sum;
    }

    private static float Between(ArrayView<float> x, long row, int left, int right, float weight, int c, ResizeSizes sizes)
    {
        float a = x[(((row * sizes.W) + left) * sizes.C) + c];
        float b = x[(((row * sizes.W) + right) * sizes.C) + c];
        return a + (weight * (b - a));
    }

    // The weight with which an output reads an input; both neighbours may be the same at the edge.
    private static float Weight(ArrayView<int> table, ArrayView<float> weights, int output, int outputs, int input)
    {
        float weight = table[output] == input ? 1 - weights[output] : 0;
        return table[outputs + output] == input ? weight + weights[output] : weight;
    }
}
