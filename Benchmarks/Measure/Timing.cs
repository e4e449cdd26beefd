namespace NativeFree.Benchmarks;

/// <summary>What several runs of one piece of work took.</summary>
/// <param name="Median">Milliseconds; the mean of the middle two where the number of runs is even.</param>
/// <param name="Min">Milliseconds of the fastest run.</param>
/// <param name="Max">Milliseconds of the slowest run.</param>
/// <param name="Runs">How many runs were timed.</param>
public readonly record struct Timing(double Median, double Min, double Max, int Runs)
{
    /// <summary>Summarises runs.</summary>
    /// <param name="milliseconds">One value a run, at least one.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static Timing Of(IReadOnlyCollection<double> milliseconds)
    {
        ArgumentNullException.ThrowIfNull(milliseconds);
        if (milliseconds.Count == 0)
            throw new ArgumentException("Timing: at least one run is needed.", nameof(milliseconds));
        double[] sorted = [.. milliseconds.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Timing(median, sorted[0], sorted[^1], sorted.Length);
    }
}
