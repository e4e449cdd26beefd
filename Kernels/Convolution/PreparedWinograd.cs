namespace NativeFree.Kernels;

/// <summary>Winograd's scheme with its filter transformed once.</summary>
internal sealed unsafe class PreparedWinograd(CpuDevice device, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, int resultChannels, KernelVariant variant, PoolingGeometry? window) : PreparedConvolution
{
    private readonly WinogradConvolution winograd = new(device, geometry, w.Pointer, variant: variant, window: window);
    private readonly Tensor? bias = bias is null ? null : Scope.Detach(Tensor.From(device, bias.Shape, bias.Span));

    public override string Algorithm => variant == KernelVariant.WinogradSmallTiles ? "winograd 2×2" : window is null ? "winograd 4×4" : "winograd 4×4, max pooling";

    public override long Bytes => winograd.Bytes;

    public override long WorkspaceBytes => winograd.WorkspaceBytes;

    // Where there are too few tiles to share blocks out, blocks go in phases; the scratch memory tells.
    internal override object Way => (Bytes, WorkspaceBytes);

    internal override FilterPiece First(int thread) => winograd.First(thread);

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        winograd.Run(
            x.Pointer, geometry.InChannels, y.Pointer + firstChannel, resultChannels, bias is null ? null : bias.Pointer,
            addend is null ? null : addend.Pointer, geometry.OutChannels, relu ? 0 : float.NegativeInfinity, Following);
        y.Touch();
    }
}
