// The update rules of training, one launch for all parameters that are updated alike (Autograd's optimizers lay them one behind another): each element of every tensor is read and
// written once, neighbours by neighbours: 12 (SGD), 20 (momentum, RMSprop) or 28 (Adam) bytes an element are the limit. Formulas: IOptimizers.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal readonly record struct MomentumArguments(float Rate, float Momentum, int IsNesterov, long Count);

internal readonly record struct RmsPropArguments(float Rate, float Rho, float Epsilon, int IsInside, long Count);

internal static class OptimizerKernels
{
    [Kernel(DeviceIndex.Group)]
    internal static void Sgd(ArrayView<float> p, ArrayView<float> g, float rate, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        p[i] -= rate * g[i];
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Momentum(ArrayView<float> p, ArrayView<float> g, ArrayView<float> v, MomentumArguments step)
    {
        long i = DeviceIndex.Element();
        if (i >= step.Count)
            return;
        float push = -(step.Rate * g[i]);
        float velocity = (step.Momentum * v[i]) + push;
        v[i] = velocity;
        p[i] += step.IsNesterov != 0 ? (step.Momentum * velocity) + push : velocity;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Adam(ArrayView<float> p, ArrayView<float> g, ArrayView<float> m, ArrayView<float> v, ArrayView<float> largest, AdamStep step, int keepsLargest, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        float gradient = g[i];
        float first = m[i] + (step.OneMinusBeta1 * (gradient - m[i]));
        float second = v[i] + (step.OneMinusBeta2 * ((gradient * gradient) - v[i]));
        m[i] = first;
        v[i] = second;
        if (keepsLargest != 0)
        {
            second = largest[i] > second ? largest[i] : second;
            largest[i] = second;
        }
        float size = step.Rate / ((MathF.Sqrt(second) * step.Correction) + step.Epsilon);
        size = size < step.Lower ? step.Lower : size;
        size = size > step.Upper ? step.Upper : size;
        p[i] = (step.Retain * p[i]) - (step.Eta * (size * first));
    }

    [Kernel(DeviceIndex.Group)]
    internal static void RmsProp(ArrayView<float> p, ArrayView<float> g, ArrayView<float> v, RmsPropArguments step)
    {
        long i = DeviceIndex.Element();
        if (i >= step.Count)
            return;
        float mean = (step.Rho * v[i]) + ((1 - step.Rho) * (g[i] * g[i]));
        v[i] = mean;
        float root = step.IsInside != 0 ? MathF.Sqrt(mean + step.Epsilon) : MathF.Sqrt(mean) + step.Epsilon;
        p[i] -= step.Rate * (g[i] / root);
    }
}
