namespace NativeFree.Kernels;

/// <summary>Batch and local response normalization on the device. The moments take two passes: the mean first, so that a large one cancels nothing.</summary>
internal sealed class GpuNormalization(GpuDevice device) : INormalization
{
    public void Moments(Tensor x, Tensor mean, Tensor variance)
    {
        Check(nameof(Moments), x, mean, variance);
        (int rows, int channels) = Extents(x);
        float scale = rows == 0 ? 0 : 1f / rows;
        GpuColumns columns = new(device, 1, rows, channels);
        columns.Sum<PlainTerm>(x, null, null, scale, mean);
        columns.Sum<SquareTerm>(x, null, mean, scale, variance);
        mean.Touch();
        variance.Touch(x);
    }

    public void Normalize(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y)
    {
        Check(nameof(Normalize), x, mean, variance, gamma, beta);
        device.Expect(nameof(Normalize), y);
        ShapeException.RequireEqual(nameof(Normalize), x.Shape, y.Shape);
        (int rows, int channels) = Extents(x);
        NormalizationLaunch.Normalize(
            device.Stream, DeviceIndex.GridFor(rows, channels), device.View(x), device.View(mean), device.View(variance), device.View(gamma), device.View(beta), epsilon, device.View(y), channels, rows);
        y.Touch(x, mean, variance, gamma, beta);
    }

    public void ScaleGradients(Tensor x, Tensor gy, Tensor mean, Tensor variance, float epsilon, Tensor ggamma, Tensor gbeta)
    {
        Check(nameof(ScaleGradients), x, mean, variance, ggamma, gbeta);
        device.Expect(nameof(ScaleGradients), gy);
        ShapeException.RequireEqual(nameof(ScaleGradients), x.Shape, gy.Shape);
        (int rows, int channels) = Extents(x);
        GpuColumns columns = new(device, 1, rows, channels);
        columns.Sum<ProductTerm>(x, gy, mean, 1, ggamma);
        NormalizationLaunch.DivideByDeviation(device.Stream, DeviceIndex.GridFor(channels), device.View(ggamma), device.View(variance), epsilon, channels);
        columns.Sum<PlainTerm>(gy, null, null, 1, gbeta);
        ggamma.Touch();
        gbeta.Touch(x, gy, mean, variance);
    }

    public void BackwardBatch(Tensor x, Tensor gy, Tensor mean, Tensor variance, Tensor gamma, float epsilon, Tensor ggamma, Tensor gbeta, Tensor gx)
    {
        Check(nameof(BackwardBatch), x, mean, variance, gamma, ggamma, gbeta);
        device.Expect(nameof(BackwardBatch), gy, gx);
        ShapeException.RequireEqual(nameof(BackwardBatch), x.Shape, gy.Shape);
        ShapeException.RequireEqual(nameof(BackwardBatch), x.Shape, gx.Shape);
        (int rows, int channels) = Extents(x);
        NormalizationLaunch.BackwardBatch(
            device.Stream, DeviceIndex.GridFor(rows, channels), device.View(x), device.View(gy), device.View(mean), device.View(variance), device.View(gamma), epsilon, device.View(ggamma), device.View(gbeta),
            device.View(gx), channels, rows);
        gx.Touch(x, gy, mean, variance, gamma, ggamma, gbeta);
    }

    public void BackwardFixed(Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx)
    {
        Check(nameof(BackwardFixed), gy, variance, gamma);
        device.Expect(nameof(BackwardFixed), gx);
        ShapeException.RequireEqual(nameof(BackwardFixed), gy.Shape, gx.Shape);
        (int rows, int channels) = Extents(gy);
        NormalizationLaunch.BackwardFixed(device.Stream, DeviceIndex.GridFor(rows, channels), device.View(gy), device.View(variance), device.View(gamma), epsilon, device.View(gx), channels, rows);
        gx.Touch(gy, variance, gamma);
    }

    public void LocalResponse(int window, float k, float alpha, float beta, Tensor x, Tensor y)
    {
        device.Expect(nameof(LocalResponse), x, y);
        ShapeException.RequireEqual(nameof(LocalResponse), x.Shape, y.Shape);
        ResponseArguments response = new(x.Shape[-1], window / 2, k, alpha, beta);
        if (device.Choices.ByLanes)
            LaneResponseLaunch.Forward(device.Stream, LaneResponseKernels.GridFor(Pixels(x)), device.View(x), device.View(y), response, x.Count);
        else
            NormalizationLaunch.LocalResponse(device.Stream, DeviceIndex.GridFor(x.Count), device.View(x), device.View(y), response, x.Count);
        y.Touch(x);
    }

    public void LocalResponseBackward(int window, float k, float alpha, float beta, Tensor x, Tensor gy, Tensor gx)
    {
        device.Expect(nameof(LocalResponseBackward), x, gy, gx);
        ShapeException.RequireEqual(nameof(LocalResponseBackward), x.Shape, gy.Shape);
        ShapeException.RequireEqual(nameof(LocalResponseBackward), x.Shape, gx.Shape);
        if (x.Count == 0)
            return;
        ResponseArguments response = new(x.Shape[-1], window / 2, k, alpha, beta);
        using GpuScratch powers = new(device, x.Count);
        if (device.Choices.ByLanes)
        {
            LaneResponseLaunch.Powers(device.Stream, LaneResponseKernels.GridFor(Pixels(x)), device.View(x), powers.View, response, x.Count);
            LaneResponseLaunch.Backward(device.Stream, LaneResponseKernels.GridFor(Pixels(x)), device.View(x), device.View(gy), powers.View, device.View(gx), response, x.Count);
        }
        else
        {
            NormalizationLaunch.LocalResponsePowers(device.Stream, DeviceIndex.GridFor(x.Count), device.View(x), powers.View, response, x.Count);
            NormalizationLaunch.LocalResponseBackward(device.Stream, DeviceIndex.GridFor(x.Count), device.View(x), device.View(gy), powers.View, device.View(gx), response, x.Count);
        }
        gx.Touch(x, gy);
    }

    private static long Pixels(Tensor x) => x.Count == 0 ? 0 : x.Count / x.Shape[-1];

    private static (int Rows, int Channels) Extents(Tensor x) => x.Shape[-1] == 0 ? (0, 0) : (checked((int)(x.Count / x.Shape[-1])), x.Shape[-1]);

    private void Check(string where, Tensor x, params ReadOnlySpan<Tensor> perChannel)
    {
        device.Expect(where, x);
        if (x.Shape.Rank < 1)
            throw new ShapeException($"{where}: x has channels as its last axis; got a scalar.");
        var channels = new Shape(x.Shape[-1]);
        foreach (Tensor tensor in perChannel)
        {
            device.Expect(where, tensor);
            ShapeException.RequireEqual(where, channels, tensor.Shape);
        }
    }
}
