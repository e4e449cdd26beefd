// Batch normalization (Ioffe and Szegedy, arXiv:1502.03167; the gradient in its section 3) and local response normalization (Krizhevsky et al., NIPS 2012, section 3.3). x is [rows, C] with channels last: a work-item takes one
// element, neighbours neighbouring channels. Sums over rows are ReductionKernels.ColumnSums, and stay there. Bytes of every array once are the limit (8 an element forward, 12 for BackwardBatch, 8 for BackwardFixed); of local response
// normalization the power is, one an element. LaneResponseKernels does the latter for a driver that runs work-items on a processor.
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
        y[i] = ResponseOf(x, i - c, c, response);
    }

    // base^(−beta − 1) of every element, which the gradients of a whole window read.
    [Kernel(DeviceIndex.Group)]
    internal static void LocalResponsePowers(ArrayView<float> x, ArrayView<float> powers, ResponseArguments response, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int c = (int)(i % response.Channels);
        powers[i] = PowerOf(x, i - c, c, response);
    }

    [Kernel(DeviceIndex.Group)]
    internal static void LocalResponseBackward(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> powers, ArrayView<float> gx, ResponseArguments response, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int c = (int)(i % response.Channels);
        gx[i] = ResponseGradientOf(x, gy, powers, i - c, c, response);
    }

    /// <summary>y of channel c of the pixel whose channels begin at <paramref name="row"/>.</summary>
    internal static float ResponseOf(ArrayView<float> x, long row, int c, ResponseArguments response) => x[row + c] * MathF.Pow(Base(x, row, c, response), -response.Beta);

    /// <summary>base^(−beta − 1).</summary>
    internal static float PowerOf(ArrayView<float> x, long row, int c, ResponseArguments response) => MathF.Pow(Base(x, row, c, response), -response.Beta - 1);

    /// <summary>gx, from the powers of the whole pixel.</summary>
    internal static float ResponseGradientOf(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> powers, long row, int c, ResponseArguments response)
    {
        int first = Math.Max(c - response.Half, 0);
        int last = Math.Min(c + response.Half, response.Channels - 1);
        float sum = 0;
        for (int j = first; j <= last; j++)
            sum += gy[row + j] * x[row + j] * powers[row + j];
        return (gy[row + c] * (powers[row + c] * Base(x, row, c, response))) - (2 * response.Alpha * response.Beta * x[row + c] * sum);
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
