using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary>Runs a network on pictures one after another, through one plan for each input size.</summary>
internal sealed class ModelRunner(Model model, IReadOnlyList<string> layers)
{
    private readonly Dictionary<Shape, InferencePlan> plans = [];

    /// <summary>The layers' values for one prepared picture; they belong to the caller's scope.</summary>
    /// <exception cref="ShapeException">The network cannot take a picture of this size.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor x, CancellationToken cancellation)
    {
        if (!plans.TryGetValue(x.Shape, out InferencePlan? plan))
            plans.Add(x.Shape, plan = model.Compile(x.Shape, layers));
        return plan.Run(x, cancellation);
    }
}
