namespace NativeFree.Kernels;

/// <summary>The CPU's element-by-element family; loops in <see cref="UnaryKernel{F}"/> and <see cref="BinaryKernel{F}"/>.</summary>
internal sealed unsafe partial class CpuElementwise(CpuDevice device) : IElementwise
{
    public void Activate(Activation f, Tensor x, Tensor y)
    {
        switch (f.Kind)
        {
            case ActivationKind.Relu:
                Unary(nameof(Activate), new ReluValue(), x, y);
                break;
            case ActivationKind.LeakyRelu:
                Unary(nameof(Activate), new LeakyReluValue(f.Slope), x, y);
                break;
            case ActivationKind.Sigmoid:
                Unary(nameof(Activate), new SigmoidValue(), x, y);
                break;
            default:
                Unary(nameof(Activate), new TanhValue(), x, y);
                break;
        }
    }

    public void ActivateBackward(Activation f, Tensor y, Tensor gy, Tensor gx)
    {
        switch (f.Kind)
        {
            case ActivationKind.Relu:
                Binary(nameof(ActivateBackward), new ReluSlope(), y, gy, gx);
                break;
            case ActivationKind.LeakyRelu:
                Binary(nameof(ActivateBackward), new LeakyReluSlope(f.Slope), y, gy, gx);
                break;
            case ActivationKind.Sigmoid:
                Binary(nameof(ActivateBackward), new SigmoidSlope(), y, gy, gx);
                break;
            default:
                Binary(nameof(ActivateBackward), new TanhSlope(), y, gy, gx);
                break;
        }
    }

    public void Combine(float alpha, Tensor a, float beta, Tensor b, Tensor y) => Binary(nameof(Combine), new CombineValue(alpha, beta), a, b, y);

    public void Multiply(float scale, Tensor a, Tensor b, Tensor y) => Binary(nameof(Multiply), new ProductValue(scale), a, b, y);

    public void Scale(float factor, Tensor x, Tensor y) => Unary(nameof(Scale), new ScaleValue(factor), x, y);

    public void Clamp(Tensor x, float lower, float upper, Tensor y) => Unary(nameof(Clamp), new ClampValue(lower, upper), x, y);

    public void DropoutMask(ulong seed, float ratio, Tensor mask)
    {
        device.Expect(nameof(DropoutMask), mask);
        uint threshold = (uint)Math.Min(ratio * 4294967296.0, uint.MaxValue);
        device.Crew.Run(Flat.Blocks(mask.Count), Flat.Block, new DropoutKernel(mask.Pointer, mask.Count, seed, threshold));
        mask.Touch();
    }

    private void Unary<F>(string where, F f, Tensor x, Tensor y) where F : struct, IUnary
    {
        device.Expect(where, x, y);
        ShapeException.RequireEqual(where, x.Shape, y.Shape);
        device.Crew.Run(Flat.Blocks(x.Count), Flat.Block, new UnaryKernel<F>(f, x.Pointer, y.Pointer, x.Count));
        y.Touch(x);
    }

    private void Binary<F>(string where, F f, Tensor a, Tensor b, Tensor y) where F : struct, IBinary
    {
        device.Expect(where, a, b, y);
        ShapeException.RequireEqual(where, a.Shape, b.Shape);
        ShapeException.RequireEqual(where, a.Shape, y.Shape);
        device.Crew.Run(Flat.Blocks(a.Count), Flat.Block, new BinaryKernel<F>(f, a.Pointer, b.Pointer, y.Pointer, a.Count));
        y.Touch(a, b);
    }
}
