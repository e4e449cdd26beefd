using System.Diagnostics;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Reading big arrays of a mapped file: equal values whatever way they take, none of it in the process's memory, and an error where the file was cut while open.</summary>
public sealed class MappedFileTests
{
    private const int Megabytes = 8;

    [Theory]
    [InlineData(0)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(65_537)]
    [InlineData(200_003)]
    public void Every_length_arrives_whole_in_one_piece_and_in_many(int count)
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, count).Select(i => i * 0.5f)];
        foreach (string name in (string[])["a.h5", "a.npz", "a.npy"])
        {
            using ArrayFile file = Written(folder.File(name), values);
            float[] whole = new float[count], pieces = new float[count];
            file.ReadFloats(file.Arrays[0], whole);
            file.ReadFloatPieces(file.Arrays[0], (start, piece) => piece.CopyTo(pieces.AsSpan((int)start)));
            Assert.Equal(values, whole);
            Assert.Equal(values, pieces);
        }
    }

    [LinuxTheory]
    [InlineData("a.h5")]
    [InlineData("a.npz")]
    [InlineData("a.npy")]
    public void What_was_read_is_not_the_process_s_memory(string name)
    {
        using var folder = new TemporaryFolder();
        using ArrayFile file = Written(folder.File(name), new float[Megabytes << 18]);
        file.ReadFloats(file.Arrays[0], new float[Megabytes << 18]);
        file.ReadFloatPieces(file.Arrays[0], (_, _) => { });
        Assert.InRange(ResidentKilobytes(folder.File(name)), 4, 1024);
    }

    [LinuxTheory]
    [InlineData("a.h5")]
    [InlineData("a.npz")]
    [InlineData("a.npy")]
    public void A_file_shortened_while_open_is_a_fault_of_the_file(string name)
    {
        using var folder = new TemporaryFolder();
        using ArrayFile file = Written(folder.File(name), new float[Megabytes << 18]);
        // By another program: a runtime refuses to write to what its own process holds open.
        using (Process cut = Process.Start("truncate", ["-s", "1000003", folder.File(name)]))
            cut.WaitForExit();
        FileFormatException refusal = Assert.Throws<FileFormatException>(() => file.ReadFloats(file.Arrays[0], new float[Megabytes << 18]));
        Assert.Contains("the file was shortened while it was open", refusal.Message, StringComparison.Ordinal);
    }

    private static ArrayFile Written(string path, float[] values)
    {
        NamedArray array = NamedArray.Of<float>("W", [values.Length], values);
        switch (Path.GetExtension(path))
        {
            case ".h5":
                var writer = new Hdf5Writer();
                writer.Add(array);
                writer.Write(path);
                break;
            case ".npz":
                NpzWriter.Write(path, [array]);
                break;
            default:
                NpyWriter.Write(path, array);
                break;
        }
        return ArrayFile.Open(path);
    }

    /// <summary>What the system counts of the mappings of a file.</summary>
    private static int ResidentKilobytes(string path)
    {
        int sum = 0;
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.EndsWith("kB", StringComparison.Ordinal))
                sum += inside && line.StartsWith("Rss:", StringComparison.Ordinal) ? int.Parse(line[4..^2]) : 0;
            else if (line.Contains('-', StringComparison.Ordinal))
                inside = line.EndsWith(path, StringComparison.Ordinal);
        }
        return sum;
    }
}

/// <summary>A theory about what only Linux shows.</summary>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs /proc, and a system that lets open files be cut";
    }
}
