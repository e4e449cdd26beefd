using System.Diagnostics;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What a reader must not do with an input, found once.</summary>
internal sealed record FuzzFinding(long Number, string Format, string Sample, string What, byte[] Input);

/// <summary>Damages samples by number and reads them. Input n of a seed is the same on every machine and for any number of
/// threads.</summary>
internal sealed class FuzzRun
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private readonly (FuzzFormat Format, FuzzSample[] Samples)[] formats;
    private readonly int seed;
    private long read, refused;

    public FuzzRun(IEnumerable<FuzzFormat> formats, string goldens, int seed)
    {
        this.seed = seed;
        this.formats = [.. formats.Select(f => (f, f.Samples(goldens))).Where(f => f.Item2.Length > 0)];
        if (this.formats.Length == 0)
        {
            throw new ArgumentException($"no samples below {goldens}");
        }
    }

    /// <summary>Inputs of which everything was read.</summary>
    public long Read => read;

    /// <summary>Inputs of which something was refused.</summary>
    public long Refused => refused;

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
        Interlocked.Increment(ref whole ? ref read : ref refused);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before + NativeBytes.PeakOfCurrentThread;
        long allowed = (64L << 20) + (16L * input.Length);
        return watch.Elapsed > Longest ? $"took {watch.Elapsed.TotalSeconds:f1} s"
            : !whole && bytes > allowed ? $"was refused after {bytes} bytes of memory; {allowed} are allowed"
            : null;
    }
}
