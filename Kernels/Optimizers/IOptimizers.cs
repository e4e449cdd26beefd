namespace NativeFree.Kernels;

/// <summary>The update rules of training on one device. All tensors of a call have one shape; the parameter p and the states are changed in place, the gradient g is only read.</summary>
public interface IOptimizers
{
    /// <summary>p −= rate·g.</summary>
    void Sgd(float rate, Tensor p, Tensor g);

    /// <summary>v = momentum·v − rate·g; then p += v, with <paramref name="nesterov"/> p += momentum·v − rate·g.</summary>
    void Momentum(float rate, float momentum, bool nesterov, Tensor p, Tensor g, Tensor v);

    /// <summary>
    /// m += (1 − β₁)(g − m); v += (1 − β₂)(g² − v); u = v, or the running maximum of v kept in <paramref name="largest"/> where that is not null;
    /// p = Retain·p − Eta·clip(Rate / (√u·Correction + Epsilon), Lower, Upper)·m.
    /// </summary>
    void Adam(in AdamStep step, Tensor p, Tensor g, Tensor m, Tensor v, Tensor? largest);

    /// <summary>v = rho·v + (1 − rho)·g²; p −= rate·g / (√v + epsilon), with <paramref name="inside"/> rate·g / √(v + epsilon).</summary>
    void RmsProp(float rate, float rho, float epsilon, bool inside, Tensor p, Tensor g, Tensor v);
}
