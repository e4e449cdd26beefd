using NativeFree.Autograd;

namespace NativeFree.Layers;

public abstract partial class Layer
{
    /// <summary>
    /// Takes the parameters that match from the optimizer's hands: they keep their values, and no gradient is computed for them. Batch-norm statistics go on moving in training; see <see cref="FreezeStatistics"/>.
    /// </summary>
    /// <param name="pattern">A path below this layer (<c>res5</c>: everything under it) or one with <c>*</c> and <c>?</c> (<c>res5/*/W</c>; a star also runs over slashes); default: all.</param>
    /// <exception cref="ArgumentException">Nothing matches.</exception>
    public void Freeze(string pattern = "*") => ForMatching(pattern, static parameter => parameter.Frozen = true);

    /// <summary>Undoes <see cref="Freeze"/> for the parameters that match.</summary>
    /// <exception cref="ArgumentException">Nothing matches.</exception>
    public void Unfreeze(string pattern = "*") => ForMatching(pattern, static parameter => parameter.Frozen = false);

    /// <summary>Multiplies the optimizer's learning rate for the parameters that match: 0.1 slows a pretrained base down.</summary>
    /// <exception cref="ArgumentException">Nothing matches.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
    public void SetLearningRateScale(string pattern, float scale)
    {
        if (!(scale >= 0) || float.IsInfinity(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "SetLearningRateScale: the scale is 0 or more and finite.");
        ForMatching(pattern, parameter => parameter.LearningRateScale = scale);
    }

    /// <summary>Sets <see cref="BatchNormalization.FrozenStatistics"/> of the batch norms whose path matches: they use their running statistics in training too and leave them alone.</summary>
    /// <exception cref="ArgumentException">No batch norm matches.</exception>
    public void FreezeStatistics(string pattern = "*", bool frozen = true)
    {
        BatchNormalization[] matching = [.. Descendants().Append(("", this)).Where(item => PathPattern.Matches(pattern, item.Item1)).Select(item => item.Item2).OfType<BatchNormalization>()];
        if (matching.Length == 0)
            throw new ArgumentException($"{this}: a pattern matches at least one batch norm; '{pattern}' matches none.");
        foreach (BatchNormalization layer in matching)
            layer.FrozenStatistics = frozen;
    }

    /// <summary>How many numbers this layer and those below hold. Unknown sizes (a linear layer before its first input) count as 0.</summary>
    public ParameterCount CountParameters()
    {
        long trainable = 0, frozen = 0;
        foreach ((_, Weight weight) in NamedWeights())
        {
            long count = weight.Shape?.Count ?? 0;
            if (weight.Parameter.Frozen)
                frozen += count;
            else
                trainable += count;
        }
        return new ParameterCount(trainable, frozen, NamedStatistics().Sum(item => item.Statistic.Shape.Count));
    }

    private void ForMatching(string pattern, Action<Parameter> change)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Parameter[] matching = [.. NamedParameters().Where(item => PathPattern.Matches(pattern, item.Path)).Select(item => item.Parameter)];
        if (matching.Length == 0)
            throw new ArgumentException($"{this}: a pattern matches at least one parameter; '{pattern}' matches none; paths look like {NamedParameters().FirstOrDefault().Path ?? "(there are none)"}.");
        foreach (Parameter parameter in matching)
            change(parameter);
    }
}
