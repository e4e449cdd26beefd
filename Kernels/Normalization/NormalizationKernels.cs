// Batch and local response normalization. x is [rows, C] with channels last: a work-item takes one element, neighbours neighbouring channels. The sums over rows are ReductionKernels.ColumnSums.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal readonly record struct ResponseArguments(int Channels, int Half, float K, float Alpha, float Beta);

internal static class NormalizationKernels
{
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Normalize(
        ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma, ArrayView<float> beta, float epsilon, ArrayView<float> y, int channels, long rows)
    {
        int c = DeviceIndex.Channel();
        long row = DeviceIndex.Row();
        if (c >= channels || row >= rows)
            return;
        long i = (row * channels) + c;
        float factor = gamma[c] / MathF.Sqrt(variance[c] + epsilon);
        y[i] = ((x[i] - mean[c]) * factor) + beta[c];
    }

    // g[c] = scale · g[c] / √(variance[c] + epsilon).
    [Kernel(DeviceIndex.Group)]
    internal static void DivideByDeviation(ArrayView<float> g, ArrayView<float> variance, float epsilon, long count)
    {
        long c = DeviceIndex.Element();
        if (c >= count)
            return;
        g[c] = g[c] / MathF.Sqrt(variance[c] + epsilon);
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void BackwardBatch(
        ArrayView<float> x, ArrayView<float> gy, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma, float epsilon, ArrayView<float> ggamma, ArrayView<float> gbeta,
        ArrayView<float> gx, int channels, long rows)
    {
        int c = DeviceIndex.Channel();
        long row = DeviceIndex.Row();
        if (c >= channels || row >= rows)
            return;
        long i = (row * channels) + c;
        float inverse = 1 / MathF.Sqrt(variance[c] + epsilon);
        float hat = (x[i] - mean[c]) * inverse;
        gx[i] = gamma[c] * inverse * (gy[i] - (((hat * ggamma[c]) + gbeta[c]) / rows));
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void BackwardFixed(ArrayView<float> gy, ArrayView<float> variance, ArrayView<float> gamma, float epsilon, ArrayView<float> gx, int channels, long rows)
    {
        int c = DeviceIndex.Channel();
        long row = DeviceIndex.Row();
        if (c >= channels || row >= rows)
            return;
        long i = (row * channels) + c;
        gx[i] = gamma[c] / MathF.Sqrt(variance[c] + epsilon) * gy[i];
    }

    [Kernel(DeviceIndex.Group)]
    internal static void LocalResponse(ArrayView<float> x, ArrayView<float> y, ResponseArguments response, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int c = (int)(i % response.Channels);
        y[i] = x[i] * MathF.Pow(Base(x, i - c, c, response), -response.Beta);
    }

    // The gradient reads the bases of its whole window anew: a window of 5 is 25 loads, all from the same cache lines.
    [Kernel(DeviceIndex.Group)]
    internal static void LocalResponseBackward(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> gx, ResponseArguments response, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int c = (int)(i % response.Channels);
        long row = i - c;
        int first = Math.Max(c - response.Half, 0);
        int last = Math.Min(c + response.Half, response.Channels - 1);
        float sum = 0;
        for (int j = first; j <= last; j++)
            sum += gy[row + j] * x[row + j] * MathF.Pow(Base(x, row, j, response), -response.Beta - 1);
        gx[i] = (gy[i] * MathF.Pow(Base(x, row, c, response), -response.Beta)) - (2 * response.Alpha * response.Beta * x[i] * sum);
    }

    // k + alpha · Σ x² over the window around channel c.
    private static float Base(ArrayView<float> x, long row, int c, ResponseArguments response)
    {
        int first = Math.Max(c - response.Half, 0);
        int last = Math.Min(c + response.Half, response.Channels - 1);
        float sum = 0;
        for (int j = first; j <= last; j++)
            sum += x[row + j] * x[row + j];
        return response.K + (response.Alpha * sum);
    }
}
