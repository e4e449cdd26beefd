namespace NativeFree.Benchmarks;

/// <summary>
/// Times contenders in turn: a short slot for each, several rounds of slots, so that a machine that changes its clock or gets a neighbour changes it for all. Each round begins with another contender. Before
/// a slot all others have been idle for <see cref="Rest"/>: thread teams spin for a while after their last work.
/// </summary>
internal static class Interleaved
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(40);

    // A slot is long enough for caches, branch predictors and clocks to settle after the change of process.
    private const double SlotMilliseconds = 150;
    private const int MostRuns = 100;
    private const int FewestRuns = 3;

    /// <summary>The timing of each contender, in their order.</summary>
    /// <param name="contenders">At least one.</param>
    /// <param name="rounds">Slots for each contender, at least 1.</param>
    /// <param name="cancel">Looked at between runs.</param>
    public static Timing[] Measure(IReadOnlyList<IContender> contenders, int rounds, CancellationToken cancel)
    {
        int[] runs = new int[contenders.Count];
        var samples = new List<double>[contenders.Count];
        for (int i = 0; i < contenders.Count; i++)
        {
            Thread.Sleep(Rest);
            contenders[i].WarmUp(cancel);
            contenders[i].WarmUp(cancel);
            double once = contenders[i].Run(1, cancel)[0];
            runs[i] = Math.Clamp((int)(SlotMilliseconds / Math.Max(once, 1e-3)), FewestRuns, MostRuns);
            samples[i] = [];
        }
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < contenders.Count; turn++)
            {
                int i = (turn + round) % contenders.Count;
                Thread.Sleep(Rest);
                // The first run of a slot meets cold caches and sleeping threads.
                contenders[i].WarmUp(cancel);
                samples[i].AddRange(contenders[i].Run(runs[i], cancel));
            }
        }
        return [.. samples.Select(Timing.Of)];
    }
}
