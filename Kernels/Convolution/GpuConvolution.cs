namespace NativeFree.Kernels;

/// <summary>Convolution and its gradients on the device, as implicit products.</summary>
internal sealed class GpuConvolution(GpuDevice device) : IConvolution
{
    public void Forward(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y, in Epilogue epilogue)
    {
        Check("Convolution", geometry, x, w, y);
        CheckEpilogue("Convolution", geometry.OutChannels, y, epilogue);
        int pixels = Pixels(geometry.OutShape);
        int depth = checked(geometry.KernelHeight * geometry.KernelWidth * (geometry.InChannels / geometry.Groups));
        new GpuProduct(device, pixels, geometry.OutChannels / geometry.Groups, depth, geometry.Groups).Run(x, w, y, epilogue, new ForwardProblem(ConvolutionSizes.Of(geometry), pixels));
        y.Touch(x, w, epilogue.Bias, epilogue.Addend);
    }

    public void BackwardInput(ConvolutionGeometry geometry, Tensor gy, Tensor w, Tensor gx, in Epilogue epilogue)
    {
        Check("Convolution.BackwardInput", geometry, gx, w, gy);
        CheckEpilogue("Convolution.BackwardInput", geometry.InChannels, gx, epilogue);
        int pixels = Pixels(geometry.InShape);
        int depth = checked(geometry.KernelHeight * geometry.KernelWidth * (geometry.OutChannels / geometry.Groups));
        new GpuProduct(device, pixels, geometry.InChannels / geometry.Groups, depth, geometry.Groups).Run(gy, w, gx, epilogue, new InputGradientProblem(ConvolutionSizes.Of(geometry), pixels));
        gx.Touch(gy, w, epilogue.Bias, epilogue.Addend);
    }

    public void BackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw)
    {
        Check("Convolution.BackwardFilter", geometry, x, gw, gy);
        int rows = checked(geometry.KernelHeight * geometry.KernelWidth * (geometry.InChannels / geometry.Groups));
        new GpuProduct(device, rows, geometry.OutChannels / geometry.Groups, Pixels(geometry.OutShape), geometry.Groups)
            .Run(x, gy, gw, Epilogue.None, new FilterGradientProblem(ConvolutionSizes.Of(geometry), rows));
        gw.Touch(x, gy);
    }

    public PreparedConvolution Prepare(ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels) =>
        new UnpackedConvolution(device, geometry, w, bias, relu, transposed, resultChannels);

    private static int Pixels(Shape shape) => checked(shape[0] * shape[1] * shape[2]);

    private void Check(string where, ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y)
    {
        device.Expect(where, x, w, y);
        ShapeException.RequireEqual(where, geometry.InShape, x.Shape);
        ShapeException.RequireEqual(where, geometry.FilterShape, w.Shape);
        ShapeException.RequireEqual(where, geometry.OutShape, y.Shape);
    }

    private void CheckEpilogue(string where, int channels, Tensor y, in Epilogue epilogue)
    {
        device.Expect(where, epilogue.Bias, epilogue.Addend);
        if (epilogue.Bias is { } bias && bias.Count != channels)
            throw new ShapeException($"{where}: the bias has one value per channel of the result; {channels} channels, bias {bias.Shape}.");
        if (epilogue.Addend is { } addend && addend.Shape != y.Shape)
            throw new ShapeException($"{where}: the addend has the result's shape; {y.Shape}, addend {addend.Shape}.");
    }
}
