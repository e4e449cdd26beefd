using NativeFree.Cli.Patterns;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>The drawn pictures of the demo.</summary>
public sealed class PatternSetTests
{
    [Fact]
    public void A_written_set_is_read_as_the_Pet_set_is()
    {
        using var folder = new TemporaryFolder();
        PatternSet.Write(folder.Path, "trainval", 13, seed: 1, firstIndex: 0, height: 37, width: 45);
        PatternSet.Write(folder.Path, "test", 7, seed: 1, firstIndex: 13, height: 37, width: 45);
        ImageList breeds = OxfordPet.Breeds(folder.Path, "trainval");
        Assert.Equal(Texture.Figures, breeds.Classes);
        Assert.Equal([3, 2, 2, 2, 2, 2], breeds.Samples.CountBy(sample => sample.Label).OrderBy(item => item.Key).Select(item => item.Value));
        var data = new ImageDataset(OxfordPet.Segmentation(folder.Path, "test"), new ImageDatasetOptions(37, 45));
        Assert.Equal(7, data.Count);
        for (int i = 0; i < data.Count; i++)
        {
            int[] y = new int[37 * 45];
            data.Read(i, 0, new float[37 * 45 * 3], y);
            // Figures are 0.2 to 0.4 of the shorter side in radius, with a border of about three pixels.
            Assert.InRange(y.Count(label => label == 0), 100, 800);
            Assert.InRange(y.Count(label => label == 2), 80, 500);
            Assert.True(y.Count(label => label == 1) > 400);
        }
    }

    [Fact]
    public void A_picture_follows_from_seed_and_index()
    {
        byte[] pixels = PatternPicture.Draw(1, 2, 3, 20, 24).Image.Pixels;
        Assert.Equal(pixels, PatternPicture.Draw(1, 2, 3, 20, 24).Image.Pixels);
        Assert.NotEqual(pixels, PatternPicture.Draw(2, 2, 3, 20, 24).Image.Pixels);
        Assert.NotEqual(pixels, PatternPicture.Draw(1, 3, 3, 20, 24).Image.Pixels);
    }
}
