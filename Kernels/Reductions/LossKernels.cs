// Losses over labels, int32, uploaded for the call. A loss writes one term a row or element; ReductionKernels sums them.
// A work-item takes one row or element and reads it once: bytes are the limit. Gradients are written in full, 0 where a label is ignored.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LossKernels
{
    [Kernel(DeviceIndex.Group)]
    internal static void LogLikelihoodTerms(ArrayView<float> logp, ArrayView<int> labels, IgnoredLabel ignored, ArrayView<float> weight, int hasWeight, ArrayView<float> terms, int classes, long rows)
    {
        long row = DeviceIndex.Element();
        if (row >= rows)
            return;
        int label = labels[row];
        float term = 0;
        if (ignored.Counts(label))
        {
            term = -logp[(row * classes) + label];
            if (hasWeight != 0)
                term *= weight[label];
        }
        terms[row] = term;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void LogLikelihoodBackward(
        ArrayView<float> logp, ArrayView<int> labels, IgnoredLabel ignored, ArrayView<float> weight, int hasWeight, float scale, ArrayView<float> gy, ArrayView<float> gx, int classes, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int label = labels[i / classes];
        float gradient = 0;
        if (ignored.Counts(label))
        {
            float hit = (int)(i % classes) == label ? 1f : 0f;
            gradient = scale * gy[0] * (MathF.Exp(logp[i]) - hit);
            if (hasWeight != 0)
                gradient *= weight[label];
        }
        gx[i] = gradient;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void SigmoidTerms(ArrayView<float> x, ArrayView<int> labels, IgnoredLabel ignored, ArrayView<float> terms, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        float value = x[i];
        // No overflow: the exponent is never positive.
        float term = (value < 0 ? 0 : value) - (value * labels[i]) + MathF.Log(1 + MathF.Exp(-MathF.Abs(value)));
        terms[i] = ignored.Counts(labels[i]) ? term : 0;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void SigmoidBackward(ArrayView<float> x, ArrayView<int> labels, IgnoredLabel ignored, float scale, ArrayView<float> gy, ArrayView<float> gx, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        gx[i] = ignored.Counts(labels[i]) ? scale * gy[0] * ((1 / (1 + MathF.Exp(-x[i]))) - labels[i]) : 0;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void LabelSumsBackward(ArrayView<int> labels, IgnoredLabel ignored, ArrayView<float> overlap, ArrayView<float> total, ArrayView<float> gp, int classes, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        int label = labels[i / classes];
        int c = (int)(i % classes);
        float gradient = total[c];
        if (c == label)
            gradient += overlap[c];
        gp[i] = ignored.Counts(label) ? gradient : 0;
    }
}
