// The end of a residual block in one pass: normalization, addition of the shortcut, ReLU, and the gradient through all three. x is [rows, C] with channels last: a work-item takes one element, neighbours neighbouring
// channels. Forward 12 bytes an element (8 read, 4 written) where three kernels move 28; backward with constant statistics 16 where two move 20. Statistics come from the caller, so training and inference share the kernel.
// Normalization after Ioffe and Szegedy (arXiv:1502.03167), the block after He et al. (arXiv:1512.03385).
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class ResidualKernels
{
    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Forward(
        ArrayView<float> x, ArrayView<float> mean, ArrayView<float> variance, ArrayView<float> gamma, ArrayView<float> beta, float epsilon, ArrayView<float> shortcut, ArrayView<float> y, int channels, long rows)
    {
        int c = DeviceIndex.Channel();
        long row = DeviceIndex.Row();
        if (c >= channels || row >= rows)
            return;
        long i = (row * channels) + c;
        float factor = gamma[c] / MathF.Sqrt(variance[c] + epsilon);
        float sum = ((x[i] - mean[c]) * factor) + beta[c] + shortcut[i];
        y[i] = sum < 0 ? 0 : sum;
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void BackwardFixed(
        ArrayView<float> y, ArrayView<float> gy, ArrayView<float> variance, ArrayView<float> gamma, float epsilon, ArrayView<float> gx, ArrayView<float> gshortcut, int channels, long rows)
    {
        int c = DeviceIndex.Channel();
        long row = DeviceIndex.Row();
        if (c >= channels || row >= rows)
            return;
        long i = (row * channels) + c;
        float gradient = gy[i] * (y[i] > 0 ? 1f : 0f);
        gshortcut[i] = gradient;
        gx[i] = gamma[c] / MathF.Sqrt(variance[c] + epsilon) * gradient;
    }
}
