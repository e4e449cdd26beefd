namespace NativeFree.Kernels;

public sealed partial class CpuDevice
{
    private IElementwise elementwise = null!;
    private CpuNormalization normalization = null!;
    private IOptimizers optimizers = null!;
    private IPooling pooling = null!;
    private IReductions reductions = null!;
    private IResampling resampling = null!;

    /// <inheritdoc/>
    public override IElementwise Elementwise => elementwise;

    /// <inheritdoc/>
    public override INormalization Normalization => normalization;

    /// <inheritdoc/>
    internal override IFusedNormalization FusedNormalization => normalization;

    /// <inheritdoc/>
    public override IOptimizers Optimizers => optimizers;

    /// <inheritdoc/>
    public override IPooling Pooling => pooling;

    /// <inheritdoc/>
    public override IReductions Reductions => reductions;

    /// <inheritdoc/>
    public override IResampling Resampling => resampling;

    partial void CreateFamilies()
    {
        elementwise = new CpuElementwise(this);
        normalization = new CpuNormalization(this);
        optimizers = new CpuOptimizers(this);
        pooling = new CpuPooling(this);
        reductions = new CpuReductions(this);
        resampling = new CpuResampling(this);
    }
}
