using System.Diagnostics;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using Xunit.Abstractions;

namespace NativeFree.Tests.Training;

/// <summary>
/// A training in a process of its own is killed, without warning, and resumed: it ends with the bits of one that was left alone, and no half-written file stays. Every other time the moment is random; the times between, it is
/// while a checkpoint is being written. How often is in NATIVEFREE_KILLS, 4 unless set.
/// </summary>
[Collection("whole networks")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Classes = 2, Each = 6;

    [Fact]
    public void A_run_that_is_killed_again_and_again_ends_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        int wanted = int.TryParse(Environment.GetEnvironmentVariable("NATIVEFREE_KILLS"), CultureInfo.InvariantCulture, out int asked) ? asked : 4, seed = Environment.TickCount;
        var random = new Random(seed);
        string data = Pictures(folder), straight = folder.File("straight.npz"), killed = folder.File("killed.npz");
        int epochs = 5 + (6 * wanted);
        Assert.Equal(0, Wait(Start(data, straight, epochs)));
        int kills = 0, starts = 0;
        var unfinished = new List<long>();
        for (bool ended = false; !ended; starts++)
        {
            Assert.True(starts < 20 * (wanted + 1), $"seed {seed}: {kills} kills in {starts} starts; the run does not get on");
            using Process run = Start(data, killed, epochs);
            long before = Epochs(killed);
            // Past the start of the runtime, so that the moments fall into steps, savings and validation alike.
            while (kills < wanted && !run.HasExited && Epochs(killed) == before)
                Thread.Sleep(1);
            if (kills < wanted && !(kills % 2 == 0 ? run.WaitForExit(random.Next(350)) : EndsBeforeItWrites(run, folder.Path, random.Next(12))))
            {
                run.Kill();
                run.WaitForExit();
                kills++;
                unfinished.AddRange(Directory.GetFiles(folder.Path, "*.tmp").Select(path => new FileInfo(path).Length));
                continue;
            }
            Assert.Equal(0, Wait(run));
            ended = true;
        }
        output.WriteLine($"seed {seed}: {kills} kills, {unfinished.Count} of them within a write that had come to {string.Join(", ", unfinished)} of {new FileInfo(straight).Length} bytes, {epochs} epochs");
        Assert.Equal(wanted, kills);
        Assert.True(wanted < 2 || unfinished.Count > 0, $"seed {seed}: no kill fell into a write");
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
        AssertSame(straight, killed);
    }

    /// <summary>Waits until the run has begun to write a checkpoint, and a little longer; true when it has ended instead.</summary>
    private static bool EndsBeforeItWrites(Process run, string folder, int milliseconds)
    {
        while (!run.HasExited && Directory.GetFiles(folder, "*.tmp").Length == 0)
            Thread.Yield();
        return run.WaitForExit(milliseconds);
    }

    /// <summary>All arrays of two checkpoints, but for the clock.</summary>
    private static void AssertSame(string straight, string resumed)
    {
        Dictionary<string, ReferenceArray> expected = ReferenceArray.LoadAll(straight), arrived = ReferenceArray.LoadAll(resumed);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), arrived.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Where(item => !item.Key.EndsWith("/seconds", StringComparison.Ordinal)), item => Assert.True(item.Value.Data.AsSpan().SequenceEqual(arrived[item.Key].Data), item.Key));
    }

    [Fact]
    public void An_interrupted_run_saves_ends_with_130_and_goes_on_to_the_same_bits()
    {
        if (OperatingSystem.IsWindows())
            return; // no signal can be sent to another process there
        using var folder = new TemporaryFolder();
        const int epochs = 9;
        string data = Pictures(folder), straight = folder.File("straight.npz"), stopped = folder.File("stopped.npz");
        Assert.Equal(0, Wait(Start(data, straight, epochs)));
        using (Process run = Start(data, stopped, epochs))
        {
            while (Epochs(stopped) < 1 && !run.HasExited)
                Thread.Sleep(1);
            Thread.Sleep(20);
            DateTime before = File.GetLastWriteTimeUtc(stopped);
            using Process kill = Process.Start("kill", ["-INT", run.Id.ToString(CultureInfo.InvariantCulture)]);
            string error = run.StandardError.ReadToEnd();
            run.WaitForExit();
            Assert.Equal((130, "nativefree: interrupted"), (run.ExitCode, error.Trim()));
            Assert.True(File.GetLastWriteTimeUtc(stopped) > before, "an interrupted run saves once more");
        }
        Assert.True(Epochs(stopped) < epochs);
        Assert.Equal(0, Wait(Start(data, stopped, epochs)));
        AssertSame(straight, stopped);
    }

    /// <summary>Epochs that the checkpoint holds; −1 without one. The file is whole at every moment.</summary>
    private static long Epochs(string path)
    {
        if (!File.Exists(path))
            return -1;
        using ArrayFile file = ArrayFile.Open(path);
        long[] epoch = new long[1];
        file.ReadInt64s(file["training/epoch"], epoch);
        return epoch[0];
    }

    private static Process Start(string data, string checkpoint, int epochs)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "nativefree.dll");
        string[] arguments =
        [
            program, "finetune", "--data", data, "--model", "vgg16", "--weights", "none", "--size", "33", "--tap", "pool3", "--batch", "2", "--hidden", "31", "--dropout", "0.5", "--lr", "0.001",
            "--validation", "0.34", "--augment", "--epochs", epochs.ToString(CultureInfo.InvariantCulture), "--output", checkpoint, "--resume", "--quiet", "--threads", "1", "--device", "cpu",
        ];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static int Wait(Process run)
    {
        string error = run.StandardError.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 0, error);
        return run.ExitCode;
    }

    private static string Pictures(TemporaryFolder folder)
    {
        string root = folder.File("pictures");
        for (int c = 0; c < Classes; c++)
        {
            Directory.CreateDirectory(Path.Combine(root, $"class{c}"));
            for (int i = 0; i < Each; i++)
            {
                var random = new Random((c * Each) + i);
                ImageFile.SavePng(Path.Combine(root, $"class{c}", $"{i}.png"), new Image(19, 23, 3, [.. Enumerable.Range(0, 19 * 23 * 3).Select(k => (byte)(random.Next(100) + (k % 3 == c ? 100 : 0)))]));
            }
        }
        return root;
    }
}
