using System.Diagnostics;
using System.Globalization;

namespace NativeFree.Cli;

/// <summary>Says how far work on many inputs is, with rate and remaining time: one line rewritten in place on a terminal, a line every ten seconds elsewhere, nothing for a few inputs.</summary>
internal sealed class ProgressLine(TextWriter error, int total, bool quiet) : IDisposable
{
    private const int Few = 4;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly bool terminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private readonly long start = Stopwatch.GetTimestamp();
    private long last = Stopwatch.GetTimestamp();
    private int done;
    private bool shown;

    public void Step()
    {
        done++;
        if (quiet || total <= Few || Stopwatch.GetElapsedTime(last) < (terminal ? OnTerminal : Elsewhere))
            return;
        last = Stopwatch.GetTimestamp();
        shown = true;
        error.Write(Line(done, total, Stopwatch.GetElapsedTime(start)) is var line && terminal ? $"\r{line}   " : line + Environment.NewLine);
    }

    public void Dispose()
    {
        if (shown && terminal)
            error.Write("\r" + new string(' ', 60) + "\r");
    }

    internal static string Line(int done, int total, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 1e-9);
        return string.Create(CultureInfo.InvariantCulture, $"{done}/{total}, {rate:0.0} a second, {(total - done) / rate:0} s to go");
    }
}
