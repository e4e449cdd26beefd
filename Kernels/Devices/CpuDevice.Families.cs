namespace NativeFree.Kernels;

public sealed partial class CpuDevice
{
    private IElementwise elementwise = null!;
    private INormalization normalization = null!;
    private IPooling pooling = null!;
    private IReductions reductions = null!;

    /// <inheritdoc/>
    public override IElementwise Elementwise => elementwise;

    /// <inheritdoc/>
    public override INormalization Normalization => normalization;

    /// <inheritdoc/>
    public override IPooling Pooling => pooling;

    /// <inheritdoc/>
    public override IReductions Reductions => reductions;

    partial void CreateFamilies()
    {
        elementwise = new CpuElementwise(this);
        normalization = new CpuNormalization(this);
        pooling = new CpuPooling(this);
        reductions = new CpuReductions(this);
    }
}
