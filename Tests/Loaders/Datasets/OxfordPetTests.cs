using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>The layout of the published Pet set, its odd files, and what can be wrong with one.</summary>
public sealed class OxfordPetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OxfordPetTests()
    {
        Directory.CreateDirectory(folder.File("images"));
        Directory.CreateDirectory(folder.File("annotations/trimaps"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trimaps_become_classes_from_0()
    {
        Put("Siamese_3", 3, 5, 1, 2, 3, 3, 2, 1);
        List("trainval", "#Image CLASS-ID SPECIES BREED", "Siamese_3 1 1 1");
        ImageList list = OxfordPet.Segmentation(folder.Path, "trainval");
        Assert.Equal(["pet", "background", "border"], list.Classes);
        var data = new ImageDataset(list, new ImageDatasetOptions(3, 5));
        int[] y = Read(data);
        Assert.Equal([0, 1, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], y);
        Assert.Equal((new Shape(3, 5, 3), new Shape(3, 5)), (data.InputShape, data.LabelShape));
        Assert.EndsWith("Siamese_3.png", data.NameOf(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Breeds_are_numbered_from_0_and_called_as_their_pictures()
    {
        foreach (string name in (string[])["yorkshire_terrier_9", "Maine_Coon_1", "Maine_Coon_12"])
            Put(name, 2, 2, 1);
        List("test", "yorkshire_terrier_9 2 2 1", "Maine_Coon_1 1 1 1", "Maine_Coon_12 1 1 1");
        ImageList list = OxfordPet.Breeds(folder.Path, "test");
        Assert.Equal(["Maine_Coon", "yorkshire_terrier"], list.Classes);
        Assert.Equal([1, 0, 0], list.Samples.Select(sample => sample.Label));
        Assert.False(list.HasMasks);
        List("test", "yorkshire_terrier_9 3 2 1", "Maine_Coon_1 1 1 1");
        Assert.Equal($"{folder.File("annotations/test.txt")}: a class has at least one picture, and classes are numbered from 1 without gaps; class 2 has none; add pictures or number the classes anew",
            Fault(() => OxfordPet.Breeds(folder.Path, "test")));
    }

    [Fact]
    public void Odd_files_of_the_published_set_are_handled_by_name()
    {
        List("trainval", "Egyptian_Mau_139 12 1 1", "beagle_116 5 2 1", "Siamese_3 1 1 1");
        byte[] jpeg = File.ReadAllBytes(Goldens.PathOf("images/rocket.jpg"));
        File.WriteAllBytes(folder.File("images/beagle_116.jpg"), jpeg[..(jpeg.Length / 2)]);
        File.WriteAllBytes(folder.File("images/Siamese_3.jpg"), jpeg[..(jpeg.Length / 2)]);
        ImageList list = OxfordPet.Segmentation(folder.Path, "trainval");
        Assert.Equal(["Egyptian_Mau_139: a GIF; left out"], list.LeftOut);
        Assert.Equal(2, list.Count);
        Assert.True(list.Samples[0].ReadImage().Height > 1);
        Assert.StartsWith(folder.File("images/Siamese_3.jpg"), Fault(() => list.Samples[1].ReadImage()), StringComparison.Ordinal);
    }

    /// <summary>The twelve names, as tensorflow/datasets (pull request 5349) and other projects list them; what OpenCV cannot open is a GIF, what Pillow calls RGBA a PNG.</summary>
    [Fact]
    public void All_odd_names_are_known_and_a_png_is_read_whatever_it_is_called()
    {
        string[] gifs = ["Abyssinian_34", "Egyptian_Mau_139", "Egyptian_Mau_145", "Egyptian_Mau_167", "Egyptian_Mau_177", "Egyptian_Mau_191"];
        string[] others = ["Abyssinian_5", "Egyptian_Mau_14", "Egyptian_Mau_156", "Egyptian_Mau_186", "beagle_116", "chihuahua_121"];
        Assert.Equal(gifs.Concat(others).Order(StringComparer.Ordinal), OxfordPet.OddPictures.Keys.Order(StringComparer.Ordinal));
        List("trainval", [.. gifs.Concat(others).Append("staffordshire_bull_terrier_2").Select(name => $"{name} 1 1 1")]);
        ImageFile.SavePng(folder.File("whole.png"), ResizeTests.Noise(5, 7, 4, seed: 2));
        ImageFile.SavePng(folder.File("grey.png"), ResizeTests.Noise(5, 7, 1, seed: 3));
        File.Move(folder.File("whole.png"), folder.File("images/Abyssinian_5.jpg"));
        File.Move(folder.File("grey.png"), folder.File("images/staffordshire_bull_terrier_2.jpg"));
        ImageList list = OxfordPet.Breeds(folder.Path, "trainval");
        Assert.Equal(gifs.Select(name => $"{name}: a GIF; left out"), list.LeftOut);
        Assert.Equal([.. others, "staffordshire_bull_terrier_2"], list.Samples.Select(sample => Path.GetFileNameWithoutExtension(sample.Name)));
        Assert.Equal((5, 7, 3), list.Samples[0].ReadImage() is var png ? (png.Height, png.Width, png.Channels) : default);
        var data = new ImageDataset(list, new ImageDatasetOptions(3, 3));
        float[] x = new float[27];
        foreach (int index in (int[])[0, 6])
            data.Read(index, 0, x, new int[1]);
        Assert.Equal(x[0], x[1]); // grey
    }

    /// <summary>0 is no value of a trimap, though a byte array of zeros is what a careless tool writes.</summary>
    [Fact]
    public void A_trimap_of_zeros_is_refused()
    {
        List("trainval", "Siamese_3 1 1 1");
        Put("Siamese_3", 3, 5, 1, 0);
        Assert.EndsWith("got 0 in row 0, column 1; write the mask anew", Fault(() => Read(new ImageDataset(OxfordPet.Segmentation(folder.Path, "trainval"), new ImageDatasetOptions(3, 5)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_masks_are_named()
    {
        List("trainval", "Siamese_3 1 1 1");
        Put("Siamese_3", 3, 5, 1, 2, 3, 3, 2, 1);
        string trimap = folder.File("annotations/trimaps/Siamese_3.png");
        ImageFile.SavePng(trimap, new Image(3, 5, 1, [1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1]));
        Assert.Equal($"{trimap}: a trimap holds 1 (pet), 2 (background) and 3 (border); got 4 in row 1, column 3; write the mask anew", Fault(Read));
        ImageFile.SavePng(trimap, new Image(5, 3, 1, [.. Enumerable.Repeat((byte)1, 15)]));
        Assert.Equal($"{trimap}: a mask has one channel and its picture's size; got 5×3×1 for {folder.File("images/Siamese_3.png")} of 3×5; make the mask anew", Fault(Read));
        File.Delete(trimap);
        Assert.Equal($"{trimap}: a picture in the list has a trimap of its name; there is none; add it or take the picture out of the list", Fault(Read));
        File.WriteAllBytes(trimap, [1, 2, 3]);
        Assert.StartsWith(trimap, Fault(Read), StringComparison.Ordinal);

        void Read() => OxfordPetTests.Read(new ImageDataset(OxfordPet.Segmentation(folder.Path, "trainval"), new ImageDatasetOptions(3, 5)));
    }

    [Theory]
    [InlineData("Siamese_3", "Siamese_3")]
    [InlineData("Siamese_3 zero 1 1", "Siamese_3 zero 1 1")]
    [InlineData("../../etc/passwd 1 1 1", "../../etc/passwd 1 1 1")]
    [InlineData("..\\secret 1 1 1", "..\\secret 1 1 1")]
    [InlineData("Siamese_3 0 1 1", "Siamese_3 0 1 1")]
    public void A_bad_line_is_named(string line, string said)
    {
        List("test", "Siamese_1 1 1 1", line);
        Assert.Equal($"{folder.File("annotations/test.txt")}: a line is NAME class species breed, with classes from 1; got '{said}' in line 2; correct the line", Fault(() => OxfordPet.Segmentation(folder.Path, "test")));
    }

    [Fact]
    public void A_missing_or_empty_list_is_named()
    {
        Assert.Throws<FileNotFoundException>(() => OxfordPet.Segmentation(folder.Path, "test"));
        List("test", "# nothing");
        Assert.Equal($"{folder.File("annotations/test.txt")}: a list names at least one picture; this one names none", Fault(() => OxfordPet.Segmentation(folder.Path, "test")));
    }

    private static int[] Read(ImageDataset data)
    {
        int[] y = new int[data.LabelShape.Count];
        data.Read(0, 0, new float[data.InputShape.Count], y);
        return y;
    }

    private static string Fault(Action action) => Assert.Throws<FileFormatException>(action).Message;

    private void Put(string name, int height, int width, params byte[] trimap)
    {
        ImageFile.SavePng(folder.File($"images/{name}.png"), ResizeTests.Noise(height, width, 3, seed: 1));
        byte[] values = new byte[height * width];
        values.AsSpan().Fill(trimap[^1]);
        trimap.CopyTo(values, 0);
        ImageFile.SavePng(folder.File($"annotations/trimaps/{name}.png"), new Image(height, width, 1, values));
    }

    private void List(string name, params string[] lines) => File.WriteAllLines(folder.File($"annotations/{name}.txt"), lines);
}
