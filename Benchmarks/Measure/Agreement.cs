using System.Runtime.InteropServices;

namespace NativeFree.Benchmarks;

/// <summary>A benchmark compares equals: our result is checked against its definition in double precision, the peer's against ours, before anything is timed.</summary>
internal static class Agreement
{
    // Two float32 implementations that sum in different orders stay far below this, relative to the largest value; a wrong layout or a missing bias does not.
    private const double PeerTolerance = 1e-4;
    private const double DefinitionTolerance = 2e-5;

    /// <summary>Compares some of our values with the definition.</summary>
    /// <param name="work">For the message.</param>
    /// <param name="ours">All our values.</param>
    /// <param name="places">Which are compared.</param>
    /// <param name="definition">The value due at a place, in double.</param>
    /// <exception cref="BenchmarkException">A value is off by more than 2e-5 of the largest, which leaves Winograd's rounding room and no error; or one of ours, compared or not, is no finite number.</exception>
    public static void Check(string work, ReadOnlySpan<float> ours, IEnumerable<int> places, Func<int, double> definition)
    {
        double largest = 0;
        foreach (float value in ours)
            largest = Math.Max(largest, Math.Abs(value));
        foreach (int i in places)
        {
            double due = definition(i);
            if (!(double.IsFinite(largest) && Math.Abs(ours[i] - due) <= DefinitionTolerance * largest))
                throw new BenchmarkException($"{work}: our result is the definition's; {ours[i]:G9} arrived where {due:G9} is due (largest {largest:G3}); run the tests.");
        }
    }

    /// <summary>Runs the peer once and compares its output with ours, given in the peer's layout.</summary>
    /// <exception cref="BenchmarkException">The largest difference is above 1e-4 of the largest value.</exception>
    public static void Check(PeerWork peer, BenchmarkRun run, ReadOnlySpan<float> ours, string work)
    {
        peer.WarmUp(run.Cancel);
        string file = Path.Combine(run.Folder, "output.bin");
        peer.SaveOutput(file);
        Check(ReportTable.Title(peer.Name), ours, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)), work);
    }

    /// <summary>Compares two ways' results.</summary>
    /// <exception cref="BenchmarkException">The largest difference is above 1e-4 of the largest value, or a value of ours is no finite number.</exception>
    public static void Check(string other, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, string work)
    {
        double largest = 0, difference = ours.Length == theirs.Length ? 0 : double.NaN;
        for (int i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs(ours[i]));
            difference = Math.Max(difference, Math.Abs((double)ours[i] - theirs[i]));
        }
        if (!(double.IsFinite(largest) && difference <= PeerTolerance * largest))
            throw new BenchmarkException($"{work}: contenders compute the same numbers; {other} differs by {difference / largest:E1} of the largest value.");
    }
}
