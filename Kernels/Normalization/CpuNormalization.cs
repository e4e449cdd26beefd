namespace NativeFree.Kernels;

/// <summary>The CPU's normalizations: vectors along channels. Sums over rows are made of partial sums over segments whose length depends on the shape alone, added in their order.</summary>
internal sealed unsafe partial class CpuNormalization(CpuDevice device) : INormalization
{
    public void Moments(Tensor x, Tensor mean, Tensor variance)
    {
        Check(nameof(Moments), x, mean, variance);
        var segments = new Segments(x.Shape);
        using var scratch = new ScratchFloats(device.Pool, SegmentSums.Count(segments));
        device.Crew.Run(segments.Count, segments.Cost, new MomentsKernel(segments, x.Pointer, scratch.Pointer));
        SegmentSums.Moments(device.Crew, segments, scratch.Pointer, mean.Pointer, variance.Pointer);
        mean.Touch();
        variance.Touch(x);
    }

    public void Normalize(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y)
    {
        Check(nameof(Normalize), x, mean, variance, gamma, beta);
        device.Expect(nameof(Normalize), y);
        ShapeException.RequireEqual(nameof(Normalize), x.Shape, y.Shape);
        Normalize(x, mean, variance, gamma, beta, epsilon, default(NoTail), y);
        y.Touch(x, mean, variance, gamma, beta);
    }

    public void ScaleGradients(Tensor x, Tensor gy, Tensor mean, Tensor variance, float epsilon, Tensor ggamma, Tensor gbeta)
    {
        Check(nameof(ScaleGradients), x, mean, variance, ggamma, gbeta);
        device.Expect(nameof(ScaleGradients), gy);
        ShapeException.RequireEqual(nameof(ScaleGradients), x.Shape, gy.Shape);
        var segments = new Segments(x.Shape);
        ScaleGradients(segments, x, gy, mean, variance, epsilon, default(OpenGate), ggamma, gbeta);
        ggamma.Touch();
        gbeta.Touch(x, gy, mean, variance);
    }

    public void BackwardBatch(Tensor x, Tensor gy, Tensor mean, Tensor variance, Tensor gamma, float epsilon, Tensor ggamma, Tensor gbeta, Tensor gx)
    {
        Check(nameof(BackwardBatch), x, mean, variance, gamma, ggamma, gbeta);
        device.Expect(nameof(BackwardBatch), gy, gx);
        ShapeException.RequireEqual(nameof(BackwardBatch), x.Shape, gy.Shape);
        ShapeException.RequireEqual(nameof(BackwardBatch), x.Shape, gx.Shape);
        var segments = new Segments(x.Shape);
        BackwardBatch(segments, x, gy, mean, variance, gamma, epsilon, default(OpenGate), ggamma, gbeta, gx);
        gx.Touch();
    }

    public void BackwardFixed(Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx)
    {
        Check(nameof(BackwardFixed), gy, variance, gamma);
        device.Expect(nameof(BackwardFixed), gx);
        ShapeException.RequireEqual(nameof(BackwardFixed), gy.Shape, gx.Shape);
        BackwardFixed(gy, variance, gamma, epsilon, default(OpenGate), gx);
        gx.Touch(gy, variance, gamma);
    }

    public void LocalResponse(int window, float k, float alpha, float beta, Tensor x, Tensor y)
    {
        device.Expect(nameof(LocalResponse), x, y);
        ShapeException.RequireEqual(nameof(LocalResponse), x.Shape, y.Shape);
        var segments = new Segments(x.Shape);
        device.Crew.Run(checked((int)segments.Rows), 8L * segments.Channels, new LocalResponseKernel(segments.Channels, window / 2, k, alpha, beta, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void LocalResponseBackward(int window, float k, float alpha, float beta, Tensor x, Tensor gy, Tensor gx)
    {
        device.Expect(nameof(LocalResponseBackward), x, gy, gx);
        ShapeException.RequireEqual(nameof(LocalResponseBackward), x.Shape, gy.Shape);
        ShapeException.RequireEqual(nameof(LocalResponseBackward), x.Shape, gx.Shape);
        var segments = new Segments(x.Shape);
        device.Crew.Run(checked((int)segments.Rows), 12L * segments.Channels, new LocalResponseGradientKernel(segments.Channels, window / 2, k, alpha, beta, x.Pointer, gy.Pointer, gx.Pointer));
        gx.Touch(x, gy);
    }

    private void Normalize<T>(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, T tail, Tensor y) where T : struct, ITail
    {
        var segments = new Segments(x.Shape);
        using var factor = new ScratchFloats(device.Pool, segments.Channels);
        Factors(segments.Channels, variance.Pointer, gamma.Pointer, epsilon, factor.Pointer);
        device.Crew.Run(segments.Count, segments.Cost, new NormalizeKernel<T>(segments, x.Pointer, mean.Pointer, factor.Pointer, beta.Pointer, tail, y.Pointer));
    }

    private void ScaleGradients<G>(Segments segments, Tensor x, Tensor gy, Tensor mean, Tensor variance, float epsilon, G gate, Tensor ggamma, Tensor gbeta) where G : struct, IGate
    {
        using var scratch = new ScratchFloats(device.Pool, SegmentSums.Count(segments));
        device.Crew.Run(segments.Count, 2 * segments.Cost, new ScaleGradientKernel<G>(segments, x.Pointer, gy.Pointer, mean.Pointer, gate, scratch.Pointer));
        SegmentSums.Scales(device.Crew, segments, scratch.Pointer, variance.Pointer, epsilon, ggamma.Pointer, gbeta.Pointer);
    }

    private void BackwardBatch<G>(Segments segments, Tensor x, Tensor gy, Tensor mean, Tensor variance, Tensor gamma, float epsilon, G gate, Tensor ggamma, Tensor gbeta, Tensor gx) where G : struct, IGate
    {
        int channels = segments.Channels;
        // gx = a·gy + b·(x − mean) + d with a = gamma·inv, b = −a·inv·ggamma/m, d = −a·gbeta/m: two multiply-adds an element.
        using var factors = new ScratchFloats(device.Pool, 3L * channels);
        float* a = factors.Pointer, b = a + channels, d = b + channels;
        Factors(channels, variance.Pointer, gamma.Pointer, epsilon, a);
        for (int c = 0; c < channels; c++)
        {
            double inverse = 1 / Math.Sqrt((double)variance.Pointer[c] + epsilon);
            b[c] = (float)(-a[c] * inverse * ggamma.Pointer[c] / Math.Max(segments.Rows, 1));
            d[c] = (float)(-(double)a[c] * gbeta.Pointer[c] / Math.Max(segments.Rows, 1));
        }
        device.Crew.Run(segments.Count, 3 * segments.Cost, new BatchGradientKernel<G>(segments, x.Pointer, gy.Pointer, mean.Pointer, gate, a, b, d, gx.Pointer));
    }

    private void BackwardFixed<G>(Tensor gy, Tensor variance, Tensor gamma, float epsilon, G gate, Tensor gx) where G : struct, IGate
    {
        var segments = new Segments(gy.Shape);
        using var factor = new ScratchFloats(device.Pool, segments.Channels);
        Factors(segments.Channels, variance.Pointer, gamma.Pointer, epsilon, factor.Pointer);
        device.Crew.Run(segments.Count, segments.Cost, new ChannelScaleKernel<G>(segments, gy.Pointer, factor.Pointer, gate, gx.Pointer));
    }

    /// <summary>gamma / √(variance + epsilon), the root in double: the factor is used for every pixel.</summary>
    private static void Factors(int channels, float* variance, float* gamma, float epsilon, float* factor)
    {
        for (int c = 0; c < channels; c++)
            factor[c] = (float)(gamma[c] / Math.Sqrt((double)variance[c] + epsilon));
    }

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
