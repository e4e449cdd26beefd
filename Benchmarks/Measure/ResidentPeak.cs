using System.Globalization;

namespace NativeFree.Benchmarks;

/// <summary>What this process held in memory at most while something ran, as Linux counts resident pages.</summary>
internal static class ResidentPeak
{
    /// <summary>Whether the system tells.</summary>
    public static bool IsKnown => File.Exists("/proc/self/clear_refs");

    /// <summary>Runs <paramref name="work"/> and gives the bytes resident at most meanwhile, everything of the process counted.</summary>
    public static long Of(Action work)
    {
        // Writing 5 sets the high-water mark back to what is resident now (proc(5)).
        File.WriteAllText("/proc/self/clear_refs", "5");
        work();
        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
