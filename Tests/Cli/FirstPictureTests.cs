using NativeFree.Cli;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What a command does before its weights are there: the first picture decoded ahead, the kernels run once.</summary>
public sealed class FirstPictureTests
{
    private static readonly string Photo = BundledFiles.PathOf("images", "rocket.jpg");

    [Fact]
    public void The_first_picture_is_handed_out_once_and_under_its_own_name()
    {
        var ahead = new FirstPicture([Photo, "other.png"]);
        Assert.Null(ahead.Take("other.png"));
        Image picture = ahead.Take(Photo)!;
        Assert.Equal(ImageFile.Load(Photo).Pixels, picture.Pixels);
        Assert.Null(ahead.Take(Photo));
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_said_when_it_is_its_turn()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("bad.png");
        File.WriteAllText(path, "no picture");
        var ahead = new FirstPicture([path]);
        Assert.Throws<FileFormatException>(() => ahead.Take(path));
        Assert.Null(new FirstPicture([folder.File("missing.png")]).Take(folder.File("missing.png")));
    }

    [Fact]
    public void The_warm_up_runs_through_to_equal_probabilities()
    {
        Tensor probabilities = KernelWarmUp.Run(new CpuDevice(1));
        Assert.Equal(new Shape(1, 64), probabilities.Shape);
        Assert.All(probabilities.ToArray(), p => Assert.Equal(1f / 64, p, 1e-7f));
    }
}
