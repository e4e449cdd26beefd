using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>p −= rate·g.</summary>
/// <param name="parameters">All parameters.</param>
/// <param name="schedule">The learning rate; Chainer's and Keras's default is 0.01.</param>
public sealed class Sgd(IEnumerable<Parameter> parameters, LearningRate schedule) : Optimizer(parameters, schedule)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => [];

    /// <inheritdoc/>
    protected override bool IsElementwise => true;

    /// <inheritdoc/>
    protected override void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state) => p.Device.Optimizers.Sgd((float)rate, p, g);
}

/// <summary>v = momentum·v − rate·g; p += v, with Nesterov's form p += momentum·v − rate·g. Chainer's and Keras's order of operations.</summary>
/// <param name="parameters">All parameters.</param>
/// <param name="schedule">The learning rate; Chainer's and Keras's default is 0.01.</param>
/// <param name="momentum">What remains of the velocity.</param>
/// <param name="nesterov">Nesterov's form.</param>
public sealed class MomentumSgd(IEnumerable<Parameter> parameters, LearningRate schedule, float momentum = 0.9f, bool nesterov = false) : Optimizer(parameters, schedule)
{
    private static readonly string[] Names = ["v"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => Names;

    /// <inheritdoc/>
    protected override bool IsElementwise => true;

    /// <inheritdoc/>
    protected override void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state) =>
        p.Device.Optimizers.Momentum((float)rate, momentum, nesterov, p, g, state[0]);
}

/// <summary>v = rho·v + (1 − rho)·g²; p −= rate·g / (√v + epsilon) (Chainer, PyTorch), or with epsilon inside, rate·g / √(v + epsilon) (Keras 3).</summary>
/// <param name="parameters">All parameters.</param>
/// <param name="schedule">The learning rate; Chainer's default is 0.01, Keras's 0.001.</param>
/// <param name="rho">What remains of the mean square: Chainer 0.99, Keras 0.9.</param>
/// <param name="epsilon">Chainer 1e-8, Keras 1e-7.</param>
/// <param name="epsilonInside">Whether epsilon is added under the root.</param>
public sealed class RmsProp(IEnumerable<Parameter> parameters, LearningRate schedule, float rho = 0.99f, float epsilon = 1e-8f, bool epsilonInside = false) : Optimizer(parameters, schedule)
{
    private static readonly string[] Names = ["v"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => Names;

    /// <inheritdoc/>
    protected override bool IsElementwise => true;

    /// <inheritdoc/>
    protected override void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state) =>
        p.Device.Optimizers.RmsProp((float)rate, rho, epsilon, epsilonInside, p, g, state[0]);
}
