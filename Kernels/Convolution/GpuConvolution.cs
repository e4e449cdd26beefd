using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Convolution and its gradients on the device, each by the variant chosen for its sizes. The side of y may be a slice of the channels of a larger tensor: <c>yPitch</c> is from pixel to pixel.</summary>
internal sealed class GpuConvolution(GpuDevice device) : IConvolution
{
    public void Forward(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y, in Epilogue epilogue)
    {
        Check("Convolution", geometry, x, w, y);
        CheckEpilogue("Convolution", geometry.OutChannels, y, epilogue);
        Forward(geometry, device.View(x), device.View(w), device.View(y), geometry.OutChannels, epilogue);
        y.Touch(x, w, epilogue.Bias, epilogue.Addend);
    }

    public void BackwardInput(ConvolutionGeometry geometry, Tensor gy, Tensor w, Tensor gx, in Epilogue epilogue)
    {
        Check("Convolution.BackwardInput", geometry, gx, w, gy);
        CheckEpilogue("Convolution.BackwardInput", geometry.InChannels, gx, epilogue);
        BackwardInput(geometry, device.View(gy), geometry.OutChannels, device.View(w), device.View(gx), geometry.InChannels, epilogue);
        gx.Touch(gy, w, epilogue.Bias, epilogue.Addend);
    }

    public void BackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw)
    {
        Check("Convolution.BackwardFilter", geometry, x, gw, gy);
        BackwardFilter(geometry, device.View(x), device.View(gy), geometry.OutChannels, device.View(gw));
        gw.Touch(x, gy);
    }

    public PreparedConvolution Prepare(ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, WeightFormat format = WeightFormat.Single, PoolingGeometry? window = null)
    {
        if (window is not null)
            throw new ShapeException($"Convolution.Prepare: a pooling is one that Pools accepts, and {device.Name} pools in a step of its own; got {window} behind {geometry}.");
        if (format != WeightFormat.Single)
            throw new DeviceException($"Convolution.Prepare: half-size weights are a format of the SIMD engine; the device is {device.Name}; leave the format out, or move the model to the CPU.");
        device.Expect("Convolution.Prepare", w, bias);
        ShapeException.RequireEqual("Convolution.Prepare", geometry.FilterShape, w.Shape);
        if (bias is not null)
            ShapeException.RequireEqual("Convolution.Prepare: bias", new Shape(transposed ? geometry.InChannels : geometry.OutChannels), bias.Shape);
        KernelVariant variant = transposed
            ? device.Choices.For(GpuProblems.InputGradient(geometry), false, DepthwiseKernels.Fits(geometry))
            : device.Choices.For(GpuProblems.Forward(geometry, ProductKind.Prepared), WinogradKernels.Fits(geometry), DepthwiseKernels.Fits(geometry));
        return variant == KernelVariant.Winograd
            ? new GpuWinograd(device, geometry, w, bias, relu, resultChannels)
            : new GpuPreparedConvolution(device, this, geometry, w, bias, relu, transposed, resultChannels, variant);
    }

    public bool Pools(ConvolutionGeometry geometry, PoolingGeometry window) => false;

    internal void Forward(ConvolutionGeometry geometry, ArrayView<float> x, ArrayView<float> w, ArrayView<float> y, int yPitch, in Epilogue epilogue)
    {
        bool depthwise = DepthwiseKernels.Fits(geometry) && yPitch == geometry.OutChannels;
        Forward(device.Choices.For(GpuProblems.Forward(geometry, ProductKind.Forward), false, depthwise), geometry, x, w, default, y, yPitch, epilogue);
    }

    /// <summary>y by a given variant; the filter as it is, or packed for the variant.</summary>
    internal void Forward(KernelVariant variant, ConvolutionGeometry geometry, ArrayView<float> x, ArrayView<float> w, ArrayView<float> packed, ArrayView<float> y, int yPitch, in Epilogue epilogue)
    {
        ProductShape shape = GpuProblems.Forward(geometry, ProductKind.Forward);
        if (variant == KernelVariant.Depthwise)
        {
            DepthwiseSizes z = DepthwiseSizes.Of(geometry, geometry.OutShape.Count, epilogue);
            if (ByLanes(geometry))
                LaneDepthwiseLaunch.Forward(device.Stream, LaneSpan.GridFor((long)geometry.Batch * z.P, z.O), x, w, device.View(epilogue.Bias), device.View(epilogue.Addend), y, z);
            else
                DepthwiseLaunch.Forward(device.Stream, DeviceIndex.GridFor(shape.Rows, geometry.OutChannels), x, w, device.View(epilogue.Bias), device.View(epilogue.Addend), y, z);
            return;
        }
        GpuProduct product = new(device, shape);
        ProductOperands on = new(x, w, y, yPitch, shape.Columns);
        if (GpuProblems.IsPlain(geometry))
        {
            // A product of pixels and channels: no coordinate is decoded.
            RowWalk<StoredRows> plain = new(new StoredRows(shape.Depth, 0, shape.Depth), 1, shape.Depth, 1, shape.Columns, 0);
            product.Run(variant, on, epilogue, new PlainProduct(shape.Rows, shape.Columns, shape.Depth), plain, packed);
            return;
        }
        ConvolutionSizes sizes = ConvolutionSizes.Of(geometry, yPitch);
        int together = ForwardRows.TapsTogether(geometry);
        RowWalk<ForwardRows> walk = new(new ForwardRows(sizes, together), shape.Taps / together, together * sizes.I, 1, sizes.O, sizes.GroupO);
        product.Run(variant, on, epilogue, new ForwardProblem(sizes, shape.Rows), walk, packed);
    }

    internal void BackwardInput(ConvolutionGeometry geometry, ArrayView<float> gy, int yPitch, ArrayView<float> w, ArrayView<float> gx, int xPitch, in Epilogue epilogue)
    {
        bool depthwise = DepthwiseKernels.Fits(geometry) && yPitch == geometry.OutChannels && xPitch == geometry.InChannels;
        BackwardInput(device.Choices.For(GpuProblems.InputGradient(geometry), false, depthwise), geometry, gy, yPitch, w, default, gx, xPitch, epilogue);
    }

    /// <summary>gx by a given variant; the filter as it is, or packed for the variant.</summary>
    internal void BackwardInput(
        KernelVariant variant, ConvolutionGeometry geometry, ArrayView<float> gy, int yPitch, ArrayView<float> w, ArrayView<float> packed, ArrayView<float> gx, int xPitch, in Epilogue epilogue)
    {
        ProductShape shape = GpuProblems.InputGradient(geometry);
        if (variant == KernelVariant.Depthwise)
        {
            DepthwiseSizes z = DepthwiseSizes.Of(geometry, geometry.InShape.Count, epilogue);
            if (ByLanes(geometry))
                LaneDepthwiseLaunch.BackwardInput(device.Stream, LaneSpan.GridFor((long)geometry.Batch * z.H, z.C), gy, w, device.View(epilogue.Bias), device.View(epilogue.Addend), gx, z);
            else
                DepthwiseLaunch.BackwardInput(device.Stream, DeviceIndex.GridFor(shape.Rows, geometry.InChannels), gy, w, device.View(epilogue.Bias), device.View(epilogue.Addend), gx, z);
            return;
        }
        GpuProduct product = new(device, shape);
        ProductOperands on = new(gy, w, gx, xPitch, shape.Columns);
        ConvolutionSizes sizes = ConvolutionSizes.Of(geometry, yPitch);
        if (GpuProblems.IsPlain(geometry) && yPitch == geometry.OutChannels)
        {
            RowWalk<StoredRows> plain = new(new StoredRows(shape.Depth, 0, shape.Depth), 1, shape.Depth, 1, 0, 0);
            product.Run(variant, on, epilogue, new RightTransposedProduct(shape.Rows, shape.Columns, shape.Depth), plain, packed);
            return;
        }
        RowWalk<InputGradientRows> walk = new(new InputGradientRows(sizes), shape.Taps, sizes.GroupO, 1, 0, 0);
        product.Run(variant, on, epilogue, new InputGradientProblem(sizes, shape.Rows), walk, packed);
    }

    internal void BackwardFilter(ConvolutionGeometry geometry, ArrayView<float> x, ArrayView<float> gy, int yPitch, ArrayView<float> gw)
    {
        ProductShape shape = GpuProblems.FilterGradient(geometry);
        bool depthwise = DepthwiseKernels.Fits(geometry) && yPitch == geometry.OutChannels;
        KernelVariant variant = device.Choices.For(shape, false, depthwise);
        if (variant == KernelVariant.Depthwise)
        {
            DepthwiseSizes z = DepthwiseSizes.Of(geometry, geometry.FilterShape.Count, Epilogue.None);
            if (ByLanes(geometry))
                LaneDepthwiseLaunch.BackwardFilter(device.Stream, ((z.O + DeviceLanes.Count - 1) / DeviceLanes.Count, z.R * z.S, 1), x, gy, gw, z);
            else
                DepthwiseLaunch.BackwardFilter(device.Stream, DeviceIndex.GridFor(z.Count), x, gy, gw, z);
            return;
        }
        GpuProduct product = new(device, shape);
        ProductOperands on = new(x, gy, gw, geometry.OutChannels, shape.Columns);
        if (GpuProblems.IsPlain(geometry) && yPitch == geometry.OutChannels)
        {
            RowWalk<StoredRows> plain = new(new StoredRows(1, 0, shape.Depth), 1, shape.Depth, shape.Rows, shape.Columns, 0);
            product.Run(variant, on, Epilogue.None, new LeftTransposedProduct(shape.Rows, shape.Columns, shape.Depth), plain);
            return;
        }
        ConvolutionSizes sizes = ConvolutionSizes.Of(geometry, yPitch);
        RowWalk<FilterGradientRows> walk = new(new FilterGradientRows(sizes), geometry.Batch * sizes.P, sizes.Q, (long)sizes.StrideX * sizes.C, yPitch, sizes.GroupO);
        product.Run(variant, on, Epilogue.None, new FilterGradientProblem(sizes, shape.Rows), walk);
    }

    private bool ByLanes(ConvolutionGeometry geometry) => device.Choices.ByLanes && LaneDepthwiseKernels.Fits(geometry);

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
