namespace NativeFree.Tests;

/// <summary>A short run of the fuzzer (Tests/Fuzz), so that its mutations and its verdicts are themselves tested on every build.</summary>
public sealed class FuzzTests
{
    [GoldenTheory("formats")]
    [InlineData("hdf5")]
    [InlineData("npz")]
    [InlineData("npy")]
    [InlineData("keras")]
    [InlineData("gzip")]
    [InlineData("jpeg")]
    [InlineData("png")]
    public void Damage_is_refused_or_read(string format)
    {
        FuzzFormat under = FuzzFormat.All.Single(f => f.Name == format);
        if (under.Samples(Goldens.Folder).Length == 0)
        {
            return;
        }
        var run = new FuzzRun([under], Goldens.Folder, seed: 5);
        for (int i = 0; i < 400; i++)
        {
            FuzzFinding? finding = run.Try(i);
            Assert.True(finding is null, $"input {i} from {finding?.Sample} {finding?.What}");
        }
        // Not all of it dies at the door, nor passes unhurt.
        Assert.InRange(run.Refused, 40, 399);
        Assert.Equal(400, run.Read + run.Refused);
    }

    [Fact]
    public void Damaged_weights_are_refused_or_loaded()
    {
        var run = new FuzzRun([FuzzFormat.Weights], Goldens.Folder, seed: 3);
        for (int i = 0; i < 24; i++)
        {
            FuzzFinding? finding = run.Try(i);
            Assert.True(finding is null, $"input {i} from {finding?.Sample} {finding?.What}");
        }
        Assert.InRange(run.Refused, 4, 23);
    }

    [GoldenFact("formats/hdf5")]
    public void An_input_is_the_same_whenever_it_is_made()
    {
        var made = new List<byte[]>();
        FuzzFormat format = FuzzFormat.All[0] with { Read = (input, _) => { made.Add(input); return true; } };
        for (int i = 0; i < 2; i++)
        {
            new FuzzRun([format], Goldens.Folder, seed: 7).Try(41);
        }
        Assert.Equal(made[0], made[1]);
    }

    [GoldenFact("formats/hdf5")]
    public void Misbehaviour_is_found()
    {
        FuzzFormat escaping = FuzzFormat.All[0] with { Read = (_, _) => throw new InvalidOperationException("oops") };
        Assert.Contains("InvalidOperationException escaped", new FuzzRun([escaping], Goldens.Folder, 1).Try(0)!.What,
            StringComparison.Ordinal);
        FuzzFormat slow = FuzzFormat.All[0] with { Read = (_, _) => { Thread.Sleep(2100); return true; } };
        Assert.Contains("took", new FuzzRun([slow], Goldens.Folder, 1).Try(0)!.What, StringComparison.Ordinal);
        FuzzFormat greedy = FuzzFormat.All[0] with { Read = (_, _) => { GC.KeepAlive(new byte[80 << 20]); return false; } };
        Assert.Contains("bytes of memory", new FuzzRun([greedy], Goldens.Folder, 1).Try(0)!.What, StringComparison.Ordinal);
    }
}
