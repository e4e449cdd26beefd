using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y = max(x, 0). Its gradient at 0 is 0; NaN stays NaN.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <returns>float32 of the shape of x.</returns>
    public static Variable Relu(Variable x) => new ActivationOp(new Activation(ActivationKind.Relu)).Apply(x);

    /// <summary>y = x for x &gt; 0, else slope·x. Its gradient at 0 is slope.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="slope">Finite, not negative. Chainer's default is 0.2.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is negative, infinite or NaN.</exception>
    public static Variable LeakyRelu(Variable x, float slope = 0.2f)
    {
        if (!(slope >= 0 && float.IsFinite(slope)))
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "LeakyRelu: the slope is finite and not negative.");
        return new ActivationOp(new Activation(ActivationKind.LeakyRelu, slope)).Apply(x);
    }

    /// <summary>y = 1 / (1 + e⁻ˣ). Saturates at 0 and 1 without overflow.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <returns>float32 of the shape of x.</returns>
    public static Variable Sigmoid(Variable x) => new ActivationOp(new Activation(ActivationKind.Sigmoid)).Apply(x);

    /// <summary>y = tanh x. Saturates at −1 and 1 without overflow.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <returns>float32 of the shape of x.</returns>
    public static Variable Tanh(Variable x) => new ActivationOp(new Activation(ActivationKind.Tanh)).Apply(x);
}

/// <summary>y = f(x), element by element. Keeps y, which every operator behind a ReLU keeps as well, not x.</summary>
/// <param name="activation">The function.</param>
public sealed class ActivationOp(Activation activation) : Op
{
    /// <summary>The function.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc/>
    public override string Name => Activation.Kind.ToString();

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Activate(Activation, x[0], y);
        return saved.Keep(y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Elementwise.ActivateBackward(Activation, saved[0], gy, g.Over(0, gy));
    }
}
