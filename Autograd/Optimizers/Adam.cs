using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Adam as Chainer and Keras compute it. With t the number of the parameter's updates:
/// m += (1 − β₁)(g − m); v += (1 − β₂)(g² − v); p = (1 − eta·decay)·p − eta·rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m / (√v + ε).
/// ε is added to the root of the uncorrected v ("epsilon hat" in Kingma and Ba, arXiv:1412.6980, end of section 2); <see cref="AdamW"/> adds it after the correction.
/// </summary>
public class Adam : Optimizer
{
    private static readonly string[] Plain = ["m", "v"];
    private static readonly string[] WithMaximum = ["m", "v", "vhat"];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="schedule">The learning rate; Chainer's alpha. The default of both is 0.001.</param>
    /// <param name="options">Chainer's unless given.</param>
    public Adam(IEnumerable<Parameter> parameters, LearningRate schedule, AdamOptions? options = null) : base(parameters, schedule) => Options = options ?? new AdamOptions();

    /// <summary>The numbers.</summary>
    public AdamOptions Options { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => Options.AmsGrad ? WithMaximum : Plain;

    /// <inheritdoc/>
    protected override bool IsElementwise => true;

    /// <inheritdoc/>
    protected override void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state) =>
        p.Device.Optimizers.Adam(Bound(Step(rate, step), rate, step), p, g, state[0], state[1], Options.AmsGrad ? state[2] : null);

    private protected virtual AdamStep Bound(AdamStep adam, double rate, long step) => adam;

    private AdamStep Step(double rate, long step) => new(
        (float)(1 - Options.Beta1),
        (float)(1 - Options.Beta2),
        (float)(rate * Math.Sqrt(1 - Math.Pow(Options.Beta2, step)) / (1 - Math.Pow(Options.Beta1, step))),
        1,
        (float)Options.Epsilon,
        (float)Options.Eta,
        (float)(1 - (Options.Eta * Options.WeightDecayRate)));
}

/// <summary>
/// AdaBound (Luo et al., arXiv:1902.09843) as Chainer computes it: Adam whose step size for each element, rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ)/(√v + ε), is kept between f·(1 − 1/(γt + 1)) and f·(1 + 1/(γt)), f being the final rate in
/// the proportion of the present rate to the starting one.
/// </summary>
/// <param name="parameters">All parameters.</param>
/// <param name="schedule">The learning rate.</param>
/// <param name="options">Chainer's unless given.</param>
/// <param name="finalRate">The rate that both bounds approach.</param>
/// <param name="gamma">How fast they do.</param>
public sealed class AdaBound(IEnumerable<Parameter> parameters, LearningRate schedule, AdamOptions? options = null, double finalRate = 0.1, double gamma = 1e-3) : Adam(parameters, schedule, options)
{
    private readonly double start = schedule.At(0);

    private protected override AdamStep Bound(AdamStep adam, double rate, long step)
    {
        double final = start == 0 ? 0 : finalRate * rate / start;
        return adam with { Lower = (float)(final * (1 - (1 / ((gamma * step) + 1)))), Upper = (float)(final * (1 + (1 / (gamma * step)))) };
    }
}

/// <summary>
/// Adam as PyTorch computes it, with the decay of Loshchilov and Hutter (arXiv:1711.05101): p *= 1 − rate·decay; then p −= rate/(1 − β₁ᵗ)·m / (√(v/(1 − β₂ᵗ)) + ε). Without decay it is torch.optim.Adam.
/// </summary>
/// <param name="parameters">All parameters.</param>
/// <param name="schedule">The learning rate; PyTorch's default is 0.001.</param>
/// <param name="weightDecay">The decay, multiplied by the learning rate; PyTorch's default is 0.01.</param>
/// <param name="beta1">The weight of the old first moment.</param>
/// <param name="beta2">The weight of the old second moment.</param>
/// <param name="epsilon">Added to the root of the corrected second moment.</param>
/// <param name="amsGrad">Whether the running maximum of the second moment takes its place.</param>
public sealed class AdamW(
    IEnumerable<Parameter> parameters, LearningRate schedule, double weightDecay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool amsGrad = false) : Optimizer(parameters, schedule)
{
    private static readonly string[] Plain = ["m", "v"];
    private static readonly string[] WithMaximum = ["m", "v", "vhat"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => amsGrad ? WithMaximum : Plain;

    /// <inheritdoc/>
    protected override bool IsElementwise => true;

    /// <inheritdoc/>
    protected override void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state)
    {
        var adam = new AdamStep(
            (float)(1 - beta1),
            (float)(1 - beta2),
            (float)(rate / (1 - Math.Pow(beta1, step))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            (float)epsilon,
            1,
            (float)(1 - (rate * weightDecay)));
        p.Device.Optimizers.Adam(adam, p, g, state[0], state[1], amsGrad ? state[2] : null);
    }
}
