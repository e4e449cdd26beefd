namespace NativeFree.Kernels;

/// <summary>A convolution, or a transposed one, on the device with its filter copied, and packed where the variant reads panels. The result goes straight into its place among the channels of y.</summary>
internal sealed class GpuPreparedConvolution : PreparedConvolution
{
    private readonly GpuDevice device;
    private readonly GpuConvolution family;
    private readonly ConvolutionGeometry geometry;
    private readonly Tensor weights;
    private readonly Tensor? bias;
    private readonly bool relu;
    private readonly bool transposed;
    private readonly bool isPacked;
    private readonly int resultChannels;
    private readonly KernelVariant variant;

    public GpuPreparedConvolution(
        GpuDevice device, GpuConvolution family, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, KernelVariant variant)
    {
        (this.device, this.family, this.geometry, this.relu, this.transposed, this.resultChannels) = (device, family, geometry, relu, transposed, resultChannels);
        bool inPlace = resultChannels == (transposed ? geometry.InChannels : geometry.OutChannels);
        // The depthwise kernel writes dense results.
        this.variant = variant == KernelVariant.Depthwise && !inPlace ? KernelVariant.Tiled : variant;
        this.bias = bias is null ? null : GpuCopies.Of(device, bias);
        ProductShape shape = transposed ? GpuProblems.InputGradient(geometry) : GpuProblems.Forward(geometry, ProductKind.Prepared);
        GpuProduct product = new(device, shape);
        long packed = product.PackedCount(this.variant);
        isPacked = packed > 0;
        if (!isPacked)
        {
            weights = GpuCopies.Of(device, w);
            return;
        }
        weights = Scope.Detach(new Tensor(device, new Shape(checked((int)packed))));
        ConvolutionSizes sizes = ConvolutionSizes.Of(geometry, geometry.OutChannels);
        if (transposed)
            product.Pack(this.variant, device.View(w), device.View(weights), new InputGradientProblem(sizes, shape.Rows));
        else
            product.Pack(this.variant, device.View(w), device.View(weights), new ForwardProblem(sizes, shape.Rows));
        weights.Touch(w);
    }

    public override string Algorithm => variant switch { KernelVariant.Tiled => "tiles 64×64", KernelVariant.Depthwise => "depthwise", KernelVariant.Rows16 => "rows 6×16", KernelVariant.Rows32 => "rows 6×32", _ => "rows 6×64" };

    public override long Bytes => weights.Count * sizeof(float);

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        device.Expect("PreparedConvolution", x, y, addend);
        ILGPU.ArrayView<float> filter = isPacked ? default : device.View(weights), packed = isPacked ? device.View(weights) : default;
        ILGPU.ArrayView<float> all = device.View(y), target = y.Count == 0 ? all : all.SubView(firstChannel, all.Length - firstChannel);
        var epilogue = new Epilogue(bias, addend, relu);
        if (transposed)
            family.BackwardInput(variant, geometry, device.View(x), geometry.OutChannels, filter, packed, target, resultChannels, epilogue);
        else
            family.Forward(variant, geometry, device.View(x), filter, packed, target, resultChannels, epilogue);
        y.Touch(x, addend);
    }
}

/// <summary>Copies that outlive their scope.</summary>
internal static class GpuCopies
{
    public static Tensor Of(GpuDevice device, Tensor tensor)
    {
        Tensor copy = Scope.Detach(new Tensor(device, tensor.Shape));
        if (tensor.Count > 0)
            ElementwiseLaunch.Scale(device.Stream, DeviceIndex.GridFor(tensor.Count), 1, device.View(tensor), device.View(copy), tensor.Count);
        copy.Touch(tensor);
        return copy;
    }
}
