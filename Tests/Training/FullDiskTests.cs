using System.Diagnostics;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests.Training;

/// <summary>A disk with room for one checkpoint and not for two: the second saving fails, the first file stays. A small file system in memory is such a disk; Linux lets anyone mount one in a namespace of his own.</summary>
[Collection("whole networks")]
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public void A_full_disk_is_one_line_and_the_last_checkpoint_stays()
    {
        using var folder = new TemporaryFolder();
        string data = folder.File("pictures"), disk = folder.File("disk"), rescued = folder.File("rescued.npz");
        Directory.CreateDirectory(disk);
        foreach (string name in (string[])["day", "night"])
        {
            Directory.CreateDirectory(Path.Combine(data, name));
            ImageFile.SavePng(Path.Combine(data, name, "0.png"), new Image(9, 7, 3, [.. Enumerable.Repeat((byte)(name == "day" ? 200 : 20), 9 * 7 * 3)]));
        }
        string program = Path.Combine(AppContext.BaseDirectory, "nativefree.dll");
        string script = $"mount -t tmpfs -o size=1200k none '{disk}' && dotnet '{program}' finetune --data '{data}' --model vgg16 --weights none --size 33 --tap pool1 --epochs 3 --validation 0 --batch 2 "
            + $"--output '{disk}/run.npz' --quiet --device cpu; code=$?; cp '{disk}/run.npz' '{rescued}' && ls '{disk}' && exit $code";
        using Process run = Process.Start(new ProcessStartInfo("unshare", ["-rm", "bash", "-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = run.StandardError.ReadToEnd(), list = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 1, $"{run.ExitCode}: {error}");
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"nativefree: {disk}/run.npz: a file is written whole; the disk is full", error, StringComparison.Ordinal);
        Assert.Equal("run.npz", list.Trim());
        Assert.Equal(["day", "night"], ModelLoader.Load(rescued).ClassNames);
    }
}

/// <summary>A fact that is skipped, with the reason, where no file system can be mounted.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!Works())
            Skip = "unshare cannot mount a file system of its own here";
    }

    private static bool Works()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using Process run = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "none", Path.GetTempPath()]) { RedirectStandardError = true })!;
            run.WaitForExit();
            return run.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
