using ILGPU;

namespace NativeFree.Kernels;

/// <summary>
/// Fused blocks on the device. An Inception block needs no kernel of its own: the product kernels take the distance from pixel to pixel, so each branch writes its slice of the concatenated result, and reads its slice of the
/// gradient, in place.
/// </summary>
internal sealed class GpuBlocks(GpuDevice device, GpuConvolution convolution) : IFusedNormalization, IFusedBranches
{
    // A pass of its own for the ReLU alone: no kernel does both without an addition.
    public bool TakesReluAlone => false;

    public void Forward(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor? shortcut, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(shortcut);
        Check("NormalizeAddRelu", x, shortcut, y);
        CheckChannels("NormalizeAddRelu", x, mean, variance, gamma, beta);
        ResidualLaunch.Forward(
            device.Stream, DeviceIndex.GridFor(Rows(x), x.Shape[-1]), device.View(x), device.View(mean), device.View(variance), device.View(gamma), device.View(beta), epsilon, device.View(shortcut), device.View(y), x.Shape[-1], Rows(x));
        y.Touch(x, mean, variance, gamma, beta, shortcut);
    }

    public void BackwardBatch(
        Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y, Tensor gy, Tensor ggamma, Tensor gbeta, Tensor gx, Tensor? gshortcut)
    {
        ArgumentNullException.ThrowIfNull(gshortcut);
        // The sums over rows need the gated gradient whole before the gradient of x can be made.
        device.Elementwise.ActivateBackward(new Activation(ActivationKind.Relu), y, gy, gshortcut);
        device.Normalization.ScaleGradients(x, gshortcut, mean, variance, epsilon, ggamma, gbeta);
        device.Normalization.BackwardBatch(x, gshortcut, mean, variance, gamma, epsilon, ggamma, gbeta, gx);
    }

    public void BackwardFixed(Tensor y, Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx, Tensor? gshortcut)
    {
        ArgumentNullException.ThrowIfNull(gshortcut);
        Check("NormalizeAddRelu.BackwardFixed", y, gy, gx, gshortcut);
        CheckChannels("NormalizeAddRelu.BackwardFixed", y, variance, gamma);
        ResidualLaunch.BackwardFixed(
            device.Stream, DeviceIndex.GridFor(Rows(y), y.Shape[-1]), device.View(y), device.View(gy), device.View(variance), device.View(gamma), epsilon, device.View(gx), device.View(gshortcut), y.Shape[-1], Rows(y));
        gshortcut.Touch();
        gx.Touch(y, gy, variance, gamma);
    }

    public void Convolve(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor? bias, Tensor y, int firstChannel)
    {
        CheckSlice(nameof(Convolve), geometry, x, w, y, firstChannel);
        device.Expect(nameof(Convolve), bias);
        if (bias is not null)
            ShapeException.RequireEqual($"{nameof(Convolve)}: bias", new Shape(geometry.OutChannels), bias.Shape);
        convolution.Forward(geometry, device.View(x), device.View(w), Slice(y, firstChannel), y.Shape[3], new Epilogue(bias, null, true));
        y.Touch(x, w, bias);
    }

    public void ConvolveBackwardInput(ConvolutionGeometry geometry, Tensor gy, int firstChannel, Tensor w, Tensor gx)
    {
        CheckSlice(nameof(ConvolveBackwardInput), geometry, gx, w, gy, firstChannel);
        convolution.BackwardInput(geometry, Slice(gy, firstChannel), gy.Shape[3], device.View(w), device.View(gx), geometry.InChannels, Epilogue.None);
        gx.Touch(gy, w);
    }

    public void ConvolveBackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, int firstChannel, Tensor gw)
    {
        CheckSlice(nameof(ConvolveBackwardFilter), geometry, x, gw, gy, firstChannel);
        convolution.BackwardFilter(geometry, device.View(x), Slice(gy, firstChannel), gy.Shape[3], device.View(gw));
        gw.Touch(x, gy);
    }

    private static long Rows(Tensor x) => x.Shape[-1] == 0 ? 0 : x.Count / x.Shape[-1];

    // From the slice's first channel in the first pixel to the end of the tensor.
    private ArrayView<float> Slice(Tensor tensor, int firstChannel)
    {
        ArrayView<float> all = device.View(tensor);
        return tensor.Count == 0 ? all : all.SubView(firstChannel, all.Length - firstChannel);
    }

    private void Check(string where, Tensor first, params ReadOnlySpan<Tensor> rest)
    {
        device.Expect(where, first);
        foreach (Tensor tensor in rest)
        {
            device.Expect(where, tensor);
            ShapeException.RequireEqual(where, first.Shape, tensor.Shape);
        }
    }

    private void CheckChannels(string where, Tensor x, params ReadOnlySpan<Tensor> rest)
    {
        foreach (Tensor tensor in rest)
        {
            device.Expect(where, tensor);
            ShapeException.RequireEqual(where, new Shape(x.Shape[-1]), tensor.Shape);
        }
    }

    private void CheckSlice(string where, ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor wide, int firstChannel)
    {
        device.Expect(where, x, w, wide);
        ShapeException.RequireEqual(where, geometry.InShape, x.Shape);
        ShapeException.RequireEqual(where, geometry.FilterShape, w.Shape);
        ShapeException.RequireEqual(where, geometry.OutShape.With(3, wide.Shape[3]), wide.Shape);
        if (firstChannel < 0 || firstChannel > wide.Shape[3] - geometry.OutChannels)
            throw new ShapeException($"{where}: the slice lies inside the channels; {geometry.OutChannels} from {firstChannel} on in {wide.Shape}.");
    }
}
