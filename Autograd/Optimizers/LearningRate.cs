namespace NativeFree.Autograd;

/// <summary>A learning rate as a function of the number of updates done. Immutable; made by the members here and joined by <see cref="WarmedUp"/>.</summary>
public sealed class LearningRate
{
    private readonly Func<long, double> at;

    private LearningRate(Func<long, double> at) => this.at = at;

    /// <summary>The same rate always.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public static LearningRate Constant(double rate)
    {
        Check(rate, nameof(rate));
        return new LearningRate(_ => rate);
    }

    /// <summary>rate·factor^⌊step / every⌋.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, infinite or NaN, or <paramref name="every"/> is below 1.</exception>
    public static LearningRate Stepped(double rate, double factor, long every)
    {
        Check(rate, nameof(rate));
        Check(factor, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return new LearningRate(step => rate * Math.Pow(factor, step / every));
    }

    /// <summary>rate·factor^step, but not beyond <paramref name="target"/> (Chainer's ExponentialShift).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, infinite or NaN.</exception>
    public static LearningRate Exponential(double rate, double factor, double? target = null)
    {
        Check(rate, nameof(rate));
        Check(factor, nameof(factor));
        if (target is { } limit)
            Check(limit, nameof(target));
        return new LearningRate(step =>
        {
            double value = rate * Math.Pow(factor, step);
            return target is not { } t ? value : factor < 1 ? Math.Max(value, t) : Math.Min(value, t);
        });
    }

    /// <summary>final + (rate − final)·(1 + cos(π·step/steps))/2, then final. Loshchilov and Hutter, arXiv:1608.03983, one period.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, infinite or NaN, or <paramref name="steps"/> is below 1.</exception>
    public static LearningRate Cosine(double rate, long steps, double final = 0)
    {
        Check(rate, nameof(rate));
        Check(final, nameof(final));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new LearningRate(step => step >= steps ? final : final + ((rate - final) * (1 + Math.Cos(Math.PI * step / steps)) / 2));
    }

    /// <summary>During the first <paramref name="steps"/> updates this schedule's start times (step + 1)/steps; then this schedule, counted from there.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public LearningRate WarmedUp(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new LearningRate(step => step < steps ? at(0) * (step + 1) / steps : at(step - steps));
    }

    /// <summary>This schedule times <paramref name="factor"/>, but not below <paramref name="floor"/> where it was not below it before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, infinite or NaN.</exception>
    public LearningRate Scaled(double factor, double floor = 0)
    {
        Check(factor, nameof(factor));
        Check(floor, nameof(floor));
        return new LearningRate(step => at(step) is var rate ? Math.Max(rate * factor, Math.Min(rate, floor)) : 0);
    }

    /// <summary>The rate of the update that follows <paramref name="step"/> others.</summary>
    public double At(long step) => at(step);

    /// <summary>A number as a constant rate.</summary>
    public static implicit operator LearningRate(double rate) => Constant(rate);

    private static void Check(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, "LearningRate: rates and factors are finite and not negative.");
    }
}
