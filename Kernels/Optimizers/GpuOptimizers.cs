namespace NativeFree.Kernels;

/// <summary>The update rules of training on the device.</summary>
internal sealed class GpuOptimizers(GpuDevice device) : IOptimizers
{
    public void Sgd(float rate, Tensor p, Tensor g)
    {
        Check(nameof(Sgd), p, g);
        OptimizerLaunch.Sgd(device.Stream, DeviceIndex.GridFor(p.Count), device.View(p), device.View(g), rate, p.Count);
        p.Touch(g);
    }

    public void Momentum(float rate, float momentum, bool nesterov, Tensor p, Tensor g, Tensor v)
    {
        Check(nameof(Momentum), p, g, v);
        OptimizerLaunch.Momentum(device.Stream, DeviceIndex.GridFor(p.Count), device.View(p), device.View(g), device.View(v), new MomentumArguments(rate, momentum, nesterov ? 1 : 0, p.Count));
        v.Touch();
        p.Touch(g);
    }

    public void Adam(in AdamStep step, Tensor p, Tensor g, Tensor m, Tensor v, Tensor? largest)
    {
        Check(nameof(Adam), p, g, m, v);
        if (largest is not null)
            Check(nameof(Adam), p, largest);
        OptimizerLaunch.Adam(
            device.Stream, DeviceIndex.GridFor(p.Count), device.View(p), device.View(g), device.View(m), device.View(v), device.View(largest), step, largest is null ? 0 : 1, p.Count);
        m.Touch();
        v.Touch();
        largest?.Touch();
        p.Touch(g);
    }

    public void RmsProp(float rate, float rho, float epsilon, bool inside, Tensor p, Tensor g, Tensor v)
    {
        Check(nameof(RmsProp), p, g, v);
        OptimizerLaunch.RmsProp(device.Stream, DeviceIndex.GridFor(p.Count), device.View(p), device.View(g), device.View(v), new RmsPropArguments(rate, rho, epsilon, inside ? 1 : 0, p.Count));
        v.Touch();
        p.Touch(g);
    }

    private void Check(string where, Tensor p, params ReadOnlySpan<Tensor> rest)
    {
        device.Expect(where, p);
        foreach (Tensor tensor in rest)
        {
            device.Expect(where, tensor);
            ShapeException.RequireEqual(where, p.Shape, tensor.Shape);
        }
    }
}
