using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary>
/// Runs a network on pictures one after another. Preparing a plan costs as much as some runs without one (ResNet50: 20 on two cores, VGG16: 3) and a second copy of the filters, so few pictures go without; the
/// numbers are equal to rounding.
/// </summary>
internal sealed class ModelRunner(Model model, IReadOnlyList<string> layers)
{
    private const int Few = 8;
    private readonly Dictionary<Shape, InferencePlan> plans = [];

    /// <summary>How many pictures will come; set before the first.</summary>
    public int Expected { get; set; } = 1;

    /// <summary>The layers' values for one prepared picture; they belong to the caller's scope.</summary>
    /// <exception cref="ShapeException">The network cannot take a picture of this size.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor x, CancellationToken cancellation)
    {
        if (Expected <= Few)
            return model.Extract(x, layers);
        if (!plans.TryGetValue(x.Shape, out InferencePlan? plan))
            plans.Add(x.Shape, plan = model.Compile(x.Shape, layers));
        return plan.Run(x, cancellation);
    }
}
