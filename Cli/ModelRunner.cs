using System.CommandLine;
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
    private (Shape Shape, float[] Values)? first;

    /// <summary>How plans store weights; half-size weights are a matter of plans, so then no picture goes without one.</summary>
    public WeightFormat Weights { get; init; }

    /// <summary>Whether the first picture is kept for <see cref="Profile"/>.</summary>
    public bool Profiles { get; init; }

    /// <summary>How many pictures will come; set before the first.</summary>
    public int Expected { get; set; } = 1;

    /// <summary>The layers' values for one prepared picture; they belong to the caller's scope.</summary>
    /// <exception cref="ShapeException">The network cannot take a picture of this size.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor x, CancellationToken cancellation)
    {
        if (Profiles)
            first ??= (x.Shape, x.ToArray());
        return Expected <= Few && Weights == WeightFormat.Single ? model.Extract(x, layers) : Plan(x.Shape).Run(x, cancellation);
    }

    /// <summary>Measures a plan on the first picture that was run; null where none was, or where neither profile nor trace was asked for.</summary>
    public ProfileReport? Profile(ParseResult parsed, ProfileOptions options)
    {
        if (first is not { } picture)
            return null;
        using var scope = new Scope();
        return options.Measure(parsed, Plan(picture.Shape), Tensor.From(model.Device, picture.Shape, picture.Values));
    }

    private InferencePlan Plan(Shape shape)
    {
        if (!plans.TryGetValue(shape, out InferencePlan? plan))
            plans.Add(shape, plan = model.Compile(shape, layers, Weights));
        return plan;
    }
}
