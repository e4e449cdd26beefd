using System.Diagnostics;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What a file, malformed or not, may do to a reader: be read or refused with one clear line for each thing that is, quickly, in memory that bears a proportion to it.</summary>
internal static class RefusalCheck
{
    /// <summary>Opens the file, reads every array, and collects what was refused; an empty result means that everything was read.</summary>
    public static List<string> ReadAll(string path)
    {
        var reasons = new List<string>();
        try
        {
            using ArrayFile file = ArrayFile.Open(path);
            reasons.AddRange(file.Refused.Select(r => $"{r.Name}: {r.Reason}"));
            foreach (ArrayEntry entry in file.Arrays)
            {
                try
                {
                    file.Verify(entry);
                }
                catch (FileFormatException fault)
                {
                    reasons.Add(fault.Message);
                }
            }
        }
        catch (FileFormatException fault)
        {
            reasons.Add(fault.Message);
        }
        return reasons;
    }

    /// <summary>The same, with a second and 64 MiB + 16 times the file for it, on one thread.</summary>
    public static List<string> ReadAllWithin(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        NativeBytes.ForgetPeak();
        var watch = Stopwatch.StartNew();
        List<string> reasons = ReadAll(path);
        double seconds = watch.Elapsed.TotalSeconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before + NativeBytes.PeakOfCurrentThread;
        long allowed = (64L << 20) + (16 * new FileInfo(path).Length);
        Assert.True(seconds <= 1, $"{path} took {seconds} s");
        Assert.True(bytes <= allowed, $"{path} took {bytes} bytes, {allowed} are allowed");
        Assert.All(reasons, r => Assert.DoesNotContain('\n', r));
        return reasons;
    }
}
