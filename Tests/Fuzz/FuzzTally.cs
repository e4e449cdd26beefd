using System.Globalization;

namespace NativeFree.Tests;

/// <summary>What the inputs of one format came to. Memory is all that was allocated for an input, released or not, which bounds its peak
/// from above.</summary>
internal sealed class FuzzTally
{
    private readonly Lock adding = new();

    /// <summary>Inputs of which everything was read.</summary>
    public long Read { get; private set; }

    /// <summary>Inputs of which something was refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Seconds of the slowest input.</summary>
    public double Slowest { get; private set; }

    /// <summary>Bytes for the hungriest input that was read.</summary>
    public long MostForRead { get; private set; }

    /// <summary>Bytes for the hungriest input that was refused.</summary>
    public long MostForRefused { get; private set; }

    public void Add(bool whole, double seconds, long bytes)
    {
        lock (adding)
        {
            Slowest = Math.Max(Slowest, seconds);
            if (whole)
            {
                Read++;
                MostForRead = Math.Max(MostForRead, bytes);
            }
            else
            {
                Refused++;
                MostForRefused = Math.Max(MostForRefused, bytes);
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Read + Refused} inputs, {Read} read, {Refused} refused; slowest {Slowest * 1000:f0} ms; most memory " +
            $"{MostForRead / 1048576.0:f1} MiB for one that was read, {MostForRefused / 1048576.0:f1} MiB for one refused");
}
