namespace NativeFree.Kernels;

/// <summary>
/// Any device's convolution with its weights copied and nothing prepared: what one-channel groups and empty tensors use. A result beside others goes through a tensor of its own.
/// </summary>
internal sealed class UnpackedConvolution(Device device, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels) : PreparedConvolution
{
    private readonly Tensor w = Scope.Detach(Tensor.From(device, w.Shape, w.ToArray()));
    private readonly Tensor? bias = bias is null ? null : Scope.Detach(Tensor.From(device, bias.Shape, bias.ToArray()));
    private readonly Shape result = transposed ? geometry.InShape : geometry.OutShape;

    public override string Algorithm => "direct, not packed";

    public override long Bytes => w.Count * sizeof(float);

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        using var scope = new Scope();
        Tensor target = resultChannels == result[3] ? y : new Tensor(device, result);
        var epilogue = new Epilogue(bias, addend, relu);
        if (transposed)
            device.Convolution.BackwardInput(geometry, x, w, target, epilogue);
        else
            device.Convolution.Forward(geometry, x, w, target, epilogue);
        if (!ReferenceEquals(target, y))
            device.Elementwise.CopyBox(target, [0, 0, 0, 0], y, [0, 0, 0, firstChannel], result.ToArray());
    }
}
