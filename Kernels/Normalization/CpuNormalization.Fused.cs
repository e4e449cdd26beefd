namespace NativeFree.Kernels;

/// <summary>With the ReLU and the addition behind it: one pass forward, two backward. Without a shortcut the gate is computed again from x, and nothing between the two passes is stored.</summary>
internal sealed unsafe partial class CpuNormalization : IFusedNormalization
{
    public bool TakesReluAlone => true;

    public void Forward(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor? shortcut, Tensor y)
    {
        Check("NormalizeRelu", x, mean, variance, gamma, beta);
        CheckAlike("NormalizeRelu", x, shortcut, y);
        if (shortcut is null)
            Normalize(x, mean, variance, gamma, beta, epsilon, default(ReluTail), y);
        else
            Normalize(x, mean, variance, gamma, beta, epsilon, new AddReluTail(shortcut.Pointer), y);
        y.Touch(x, mean, variance, gamma, beta, shortcut);
    }

    public void BackwardBatch(
        Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y, Tensor gy, Tensor ggamma, Tensor gbeta, Tensor gx, Tensor? gshortcut)
    {
        Check("NormalizeRelu.BackwardBatch", x, mean, variance, gamma, beta, ggamma, gbeta);
        CheckAlike("NormalizeRelu.BackwardBatch", x, y, gy, gx, gshortcut);
        var segments = new Segments(x.Shape);
        if (gshortcut is null)
        {
            using var factor = new ScratchFloats(device.Pool, segments.Channels);
            Factors(segments.Channels, variance.Pointer, gamma.Pointer, epsilon, factor.Pointer);
            var gate = new ReluGate(factor.Pointer, beta.Pointer);
            ScaleGradients(segments, x, gy, mean, variance, epsilon, gate, ggamma, gbeta);
            BackwardBatch(segments, x, gy, mean, variance, gamma, epsilon, gate, ggamma, gbeta, gx);
        }
        else
        {
            ScaleGradients(segments, x, gy, mean, variance, epsilon, new StoringGate(y.Pointer, gshortcut.Pointer), ggamma, gbeta);
            BackwardBatch(segments, x, gshortcut, mean, variance, gamma, epsilon, default(OpenGate), ggamma, gbeta, gx);
            gshortcut.Touch();
        }
        ggamma.Touch();
        gbeta.Touch();
        gx.Touch(x, mean, variance, gamma, beta, y, gy);
    }

    public void BackwardFixed(Tensor y, Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx, Tensor? gshortcut)
    {
        Check("NormalizeRelu.BackwardFixed", y, variance, gamma);
        CheckAlike("NormalizeRelu.BackwardFixed", y, gy, gx, gshortcut);
        if (gshortcut is null)
        {
            BackwardFixed(gy, variance, gamma, epsilon, new ResultGate(y.Pointer), gx);
        }
        else
        {
            BackwardFixed(gy, variance, gamma, epsilon, new StoringGate(y.Pointer, gshortcut.Pointer), gx);
            gshortcut.Touch();
        }
        gx.Touch(y, gy, variance, gamma);
    }

    private void CheckAlike(string where, Tensor first, params ReadOnlySpan<Tensor?> rest)
    {
        foreach (Tensor? tensor in rest)
        {
            device.Expect(where, tensor);
            if (tensor is not null)
                ShapeException.RequireEqual(where, first.Shape, tensor.Shape);
        }
    }
}
