using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Changes parameters against their gradients. An update runs the hooks in their order, counts the step, applies the rule to every parameter that is not frozen and takes the gradients away. The learning rate follows
/// <see cref="Schedule"/>, times each parameter's <see cref="Parameter.LearningRateScale"/>. What the rule keeps for a parameter follows it to another device at the next update.
/// On a GPU device the first update lays parameters, gradients and what the rule keeps one behind another (<see cref="Variable.Value"/> stays the tensor that it was, only its memory is elsewhere), and parameters with one learning rate and one number of updates
/// are changed by one launch; each element gets the same bits as by itself.
/// </summary>
public abstract class Optimizer
{
    private readonly List<Parameter> parameters;
    private readonly Dictionary<Parameter, ParameterState> states = [];

    /// <summary>An optimizer of some parameters.</summary>
    /// <param name="parameters">All of them, also frozen ones and such as get their shape later; no parameter twice.</param>
    /// <param name="schedule">The learning rate.</param>
    /// <exception cref="ArgumentException">A parameter is named twice.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, LearningRate schedule)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(schedule);
        this.parameters = [.. parameters];
        Schedule = schedule;
        foreach (Parameter parameter in this.parameters)
        {
            if (!states.TryAdd(parameter, new ParameterState()))
                throw new ArgumentException($"{GetType().Name}: each parameter is given once; {parameter.Path} is given twice.", nameof(parameters));
        }
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>The learning rate as a function of <see cref="Steps"/>.</summary>
    public LearningRate Schedule { get; set; }

    /// <summary>Updates done.</summary>
    public long Steps { get; private set; }

    /// <summary>What is done to the gradients before each update, in this order.</summary>
    public IList<GradientHook> Hooks { get; } = [];

    /// <summary>
    /// What a parameter without a gradient counts as: one with a gradient of zeros (Chainer: moments fade and weight decay acts), or, where set, one to leave alone (Keras, PyTorch).
    /// </summary>
    public bool SkipsMissingGradients { get; set; }

    /// <summary>Names of the tensors that the rule keeps for each parameter, in the order in which they are given to it.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Whether the rule treats each element by itself, so that parameters that lie one behind another may be handed to <see cref="Apply"/> as one tensor. Not so for rules with a norm of each parameter.</summary>
    protected virtual bool IsElementwise => false;

    /// <summary>Updates all parameters that are not frozen, and clears the gradients.</summary>
    /// <exception cref="DeviceException">The device has no memory for what the rule keeps, or for laying parameters and gradients one behind another; no parameter has changed.</exception>
    public void Update()
    {
        using var scope = new Scope();
        var live = new List<Parameter>(parameters.Count);
        foreach (Parameter parameter in parameters)
        {
            if (!parameter.Frozen && parameter.IsInitialized && !(SkipsMissingGradients && parameter.Gradient is null))
                live.Add(parameter);
        }
        if (IsElementwise)
            ParameterPlace.Lay(live);
        ParameterState.Lay(live, parameter => states[parameter], StateNames.Count);
        foreach (Parameter parameter in live)
            parameter.SettleGradient();
        foreach (GradientHook hook in Hooks)
            hook.Apply(live);
        double rate = Schedule.At(Steps++);
        foreach (Parameter parameter in live)
            states[parameter].Steps++;
        ParameterRuns.ForEach(live, parameter => states[parameter].Tensors, Alike, Apply);
        ClearGradients();

        bool Alike(Parameter a, Parameter b) => IsElementwise && a.LearningRateScale == b.LearningRateScale && states[a].Steps == states[b].Steps;

        void Apply(ArraySegment<Parameter> run, Tensor[] tensors)
        {
            this.Apply(tensors[0], tensors[1], rate * run[0].LearningRateScale, states[run[0]].Steps, tensors[2..]);
            // A run is written past the tensors whose versions tell of it.
            foreach (Parameter parameter in run)
                parameter.Value.Touch();
        }
    }

    /// <summary>Drops all gradients.</summary>
    public void ClearGradients()
    {
        foreach (Parameter parameter in parameters)
            parameter.ClearGradient();
    }

    /// <summary>What the rule keeps for a parameter: the number of its updates, and tensors of its shape named by <see cref="StateNames"/> (none before the first update).</summary>
    /// <exception cref="ArgumentException">The parameter is not one of this optimizer's.</exception>
    public (long Steps, IReadOnlyList<Tensor> Tensors) StateOf(Parameter parameter)
    {
        ParameterState state = Find(parameter);
        return (state.Steps, state.Tensors);
    }

    /// <summary>Puts back what <see cref="StateOf"/> gave, to resume a run.</summary>
    /// <param name="parameter">A parameter of this optimizer, with its shape.</param>
    /// <param name="steps">The number of its updates.</param>
    /// <param name="tensors">Values in the order of <see cref="StateNames"/>; none for a parameter that was never updated.</param>
    /// <exception cref="ArgumentException">The parameter is not one of this optimizer's, or there is another number of tensors.</exception>
    /// <exception cref="ShapeException">A tensor has another number of values than the parameter.</exception>
    public void Restore(Parameter parameter, long steps, IReadOnlyList<float[]> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ParameterState state = Find(parameter);
        if (tensors.Count != 0 && tensors.Count != StateNames.Count)
            throw new ArgumentException($"{GetType().Name}: the rule keeps {StateNames.Count} tensors a parameter; got {tensors.Count} for {parameter.Path}.", nameof(tensors));
        state.Steps = steps;
        state.Replace([.. tensors.Select(values => Scope.Detach(Tensor.From(parameter.Device, parameter.Shape, values)))]);
    }

    /// <summary>Puts back the number of updates done.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void RestoreSteps(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        Steps = steps;
    }

    /// <summary>The rule: changes <paramref name="p"/> and its states.</summary>
    /// <param name="p">The parameter's value; where <see cref="IsElementwise"/>, perhaps those of several parameters that are updated alike.</param>
    /// <param name="g">Its gradient, of its shape.</param>
    /// <param name="rate">The learning rate, the parameter's scale in it.</param>
    /// <param name="step">The number of this update of this parameter, from 1.</param>
    /// <param name="state">The tensors named by <see cref="StateNames"/>, of its shape, zeros before the first update.</param>
    protected abstract void Apply(Tensor p, Tensor g, double rate, long step, IReadOnlyList<Tensor> state);

    private ParameterState Find(Parameter parameter) =>
        states.TryGetValue(parameter, out ParameterState? state) ? state : throw new ArgumentException($"{GetType().Name}: {parameter} is none of its parameters.", nameof(parameter));
}
