using System.Diagnostics;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What a reader must not do with an input, found once.</summary>
internal sealed record FuzzFinding(long Number, string Format, string Sample, string What, byte[] Input);

/// <summary>Damages samples by number and reads them. Input n of a seed is the same on every machine and for any number of
/// threads.</summary>
internal sealed class FuzzRun
{
    private const double Longest = 2;
    private readonly (FuzzFormat Format, FuzzSample[] Samples)[] formats;
    private readonly int seed;
    private readonly Dictionary<string, FuzzTally> tallies;

    public FuzzRun(IEnumerable<FuzzFormat> formats, string goldens, int seed)
    {
        this.seed = seed;
        this.formats = [.. formats.Select(f => (f, f.Samples(goldens))).Where(f => f.Item2.Length > 0)];
        tallies = this.formats.ToDictionary(f => f.Format.Name, _ => new FuzzTally());
        if (this.formats.Length == 0)
        {
            throw new ArgumentException($"no samples below {goldens}");
        }
    }

    /// <summary>Inputs of which everything was read.</summary>
    public long Read => tallies.Values.Sum(tally => tally.Read);

    /// <summary>Inputs of which something was refused.</summary>
    public long Refused => tallies.Values.Sum(tally => tally.Refused);

    /// <summary>The figures of each format, by its name.</summary>
    public IReadOnlyDictionary<string, FuzzTally> Tallies => tallies;

    /// <summary>Names of the formats that have samples.</summary>
    public IEnumerable<string> Formats => formats.Select(f => $"{f.Format.Name} ({f.Samples.Length} samples)");

    /// <summary>Makes and reads input <paramref name="number"/>; null when the reader behaved.</summary>
    public FuzzFinding? Try(long number)
    {
        var random = new Random((int)((ulong)(((seed * 1_000_003L) + number) * 0x2545F4914F6CDD1D) >> 33));
        (FuzzFormat format, FuzzSample[] samples) = formats[(int)(number % formats.Length)];
        FuzzSample sample = samples[random.Next(samples.Length)];
        byte[] input = format.Mutate(sample, samples[random.Next(samples.Length)], random);
        string? what = Judge(format, input);
        return what is null ? null : new FuzzFinding(number, format.Name, sample.Name, what, input);
    }

    private string? Judge(FuzzFormat format, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        NativeBytes.ForgetPeak();
        var watch = Stopwatch.StartNew();
        bool whole = false;
        try
        {
            whole = format.Read(input, "input");
        }
        catch (FileFormatException)
        {
            // Refused as a whole.
        }
        catch (Exception escaped)
        {
            return $"{escaped.GetType().Name} escaped: {escaped}";
        }
        double seconds = watch.Elapsed.TotalSeconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before + NativeBytes.PeakOfCurrentThread;
        long allowed = (64L << 20) + (16L * input.Length);
        tallies[format.Name].Add(whole, seconds, bytes);
        return seconds > Longest ? $"took {seconds:f1} s"
            : !whole && bytes > allowed ? $"was refused after {bytes} bytes of memory; {allowed} are allowed"
            : null;
    }
}
