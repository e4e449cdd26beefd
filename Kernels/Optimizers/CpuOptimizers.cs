namespace NativeFree.Kernels;

/// <summary>The CPU's update rules: one pass over parameter, gradient and states.</summary>
internal sealed unsafe class CpuOptimizers(CpuDevice device) : IOptimizers
{
    public void Sgd(float rate, Tensor p, Tensor g)
    {
        Check("Sgd", p, g, p, p);
        device.Crew.Run(Flat.Blocks(p.Count), Flat.Block, new BinaryKernel<SgdStep>(new SgdStep(rate), p.Pointer, g.Pointer, p.Pointer, p.Count));
        p.Touch(g);
    }

    public void Momentum(float rate, float momentum, bool nesterov, Tensor p, Tensor g, Tensor v)
    {
        Check("Momentum", p, g, v, v);
        device.Crew.Run(Flat.Blocks(p.Count), 2 * Flat.Block, new MomentumKernel(rate, momentum, nesterov, p.Pointer, g.Pointer, v.Pointer, p.Count));
        p.Touch(g);
        v.Touch(g);
    }

    public void Adam(in AdamStep step, Tensor p, Tensor g, Tensor m, Tensor v, Tensor? largest)
    {
        Check("Adam", p, g, m, v);
        if (largest is not null)
            Check("Adam", p, largest, m, v);
        device.Crew.Run(Flat.Blocks(p.Count), 4 * Flat.Block, new AdamKernel(step, p.Pointer, g.Pointer, m.Pointer, v.Pointer, largest is null ? null : largest.Pointer, p.Count));
        p.Touch(g);
        m.Touch();
        v.Touch();
        largest?.Touch();
    }

    public void RmsProp(float rate, float rho, float epsilon, bool inside, Tensor p, Tensor g, Tensor v)
    {
        Check("RmsProp", p, g, v, v);
        device.Crew.Run(Flat.Blocks(p.Count), 3 * Flat.Block, new RmsPropKernel(rate, rho, epsilon, inside, p.Pointer, g.Pointer, v.Pointer, p.Count));
        p.Touch(g);
        v.Touch(g);
    }

    private void Check(string where, Tensor p, Tensor g, Tensor a, Tensor b)
    {
        device.Expect(where, p, g, a, b);
        ShapeException.RequireEqual(where, p.Shape, g.Shape);
        ShapeException.RequireEqual(where, p.Shape, a.Shape);
        ShapeException.RequireEqual(where, p.Shape, b.Shape);
    }
}
