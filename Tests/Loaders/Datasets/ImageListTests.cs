using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Folders of classes and CSV lists, good and bad.</summary>
public sealed class ImageListTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_a_class_gives_labels_in_ordinal_order()
    {
        Put("dog/b.png", "dog/a.PNG", "Cat/1.png", "dog/.hidden.png", "dog/notes.txt", ".git/x.png");
        ImageList list = ImageList.FromFolders(folder.Path);
        Assert.Equal(["Cat", "dog"], list.Classes);
        Assert.Equal([("Cat/1.png", 0), ("dog/a.PNG", 1), ("dog/b.png", 1)], list.Samples.Select(sample => (Path.GetRelativePath(folder.Path, sample.Name).Replace('\\', '/'), sample.Label)));
        Assert.Equal([("dog", 0, 2), ("Cat", 1, 1)], ByClass(ImageList.FromFolders(folder.Path, ["dog", "Cat"])));
        Assert.Equal((2, 3), (list.Samples[0].ReadImage().Height, list.Samples[0].ReadImage().Width));
    }

    [Fact]
    public void Capital_letters_come_first_and_jpeg_is_a_picture_too()
    {
        Put("apple/b.png", "apple/c.JPEG", "apple/a.jpeg", "Zebra/1.png", "äpfel 🍏/1.png");
        ImageList list = ImageList.FromFolders(folder.Path);
        Assert.Equal(["Zebra", "apple", "äpfel 🍏"], list.Classes);
        Assert.Equal(["1.png", "a.jpeg", "b.png", "c.JPEG", "1.png"], list.Samples.Select(sample => Path.GetFileName(sample.Name)));
        Assert.Equal(["Zebra", "apple"], Csv("apple/b.png,apple", "Zebra/1.png,Zebra").Classes);
    }

    [Fact]
    public void A_heading_is_path_and_label_and_nothing_else()
    {
        Assert.Equal(["path"], Csv("path,label", "path,path").Classes);
        Assert.Equal(["cat", "dog"], Csv("path,cat", "a.png,dog").Classes);
        Assert.Equal(["dog", "label"], Csv("a.png,dog", "path,label").Classes);
    }

    [Fact]
    public void Numbers_written_otherwise_are_names() => Assert.Equal(["00", "1"], Csv("a.png,00", "b.png,1").Classes);

    [Fact]
    public void Faults_of_a_folder_are_named()
    {
        Assert.Equal($"{folder.Path}: a folder of pictures holds one folder for each class; this one holds none; put the pictures of each class into a folder of its name",
            Fault(() => ImageList.FromFolders(folder.Path)));
        Put("dog/b.png", "cat/notes.txt");
        Assert.Equal($"{folder.File("cat")}: a class has at least one JPEG or PNG file; this one has none; add pictures or remove the class", Fault(() => ImageList.FromFolders(folder.Path)));
        Put("cat/b.png");
        Assert.Equal($"{folder.File("cow")}: a class has at least one JPEG or PNG file; this one has none; add pictures or remove the class", Fault(() => ImageList.FromFolders(folder.Path, ["cat", "cow", "dog"])));
        Assert.Equal($"{folder.File("dog")}: a class is one of cat; got dog; remove the folder or train on it too", Fault(() => ImageList.FromFolders(folder.Path, ["cat"])));
        Assert.Throws<DirectoryNotFoundException>(() => ImageList.FromFolders(folder.File("nowhere")));
    }

    [Fact]
    public void A_csv_list_gives_labels_by_name_or_by_number()
    {
        Put("a.png", "b, \"c\".png", "d.png");
        ImageList named = Csv("path,label", "# first the dog", "a.png,dog", "", "\"b, \"\"c\"\".png\" , cat", " d.png ,dog");
        Assert.Equal(["cat", "dog"], named.Classes);
        Assert.Equal([1, 0, 1], named.Samples.Select(sample => sample.Label));
        Assert.All(named.Samples, sample => Assert.Equal(3, sample.ReadImage().Channels));
        ImageList numbered = Csv("a.png,1", "d.png,0", "a.png,1");
        Assert.Equal(["0", "1"], numbered.Classes);
        Assert.Equal([1, 0, 1], numbered.Samples.Select(sample => sample.Label));
    }

    [Theory]
    [InlineData("a line is path,label; got 'a.png' in line 2; quote a path that holds a comma", "x.png,0", "a.png")]
    [InlineData("a line is path,label; got 'a.png,1,2' in line 1; quote a path that holds a comma", "a.png,1,2")]
    [InlineData("a line is path,label; got '\"a.png,1' in line 1; quote a path that holds a comma", "\"a.png,1")]
    [InlineData("a line is path,label; got 'a\"b\".png,1' in line 1; quote a path that holds a comma", "a\"b\".png,1")]
    [InlineData("a line is path,label; got 'a.png,' in line 1; quote a path that holds a comma", "a.png,")]
    [InlineData("a list of pictures has a line path,label for each; this one has none", "path,label", "# none")]
    [InlineData("numbered classes run from 0 without gaps, so 2 pictures have labels 0 to 1; got 7 in line 2; number the classes anew", "a.png,0", "b.png,7")]
    [InlineData("numbered classes run from 0 without gaps, so 2 pictures have labels 0 to 1; got 2 in line 4; number the classes anew", "# two", "a.png,0", "", "b.png,2")]
    [InlineData("numbered classes run from 0 without gaps, so 3 pictures have labels 0 to 2; got -1 in line 2; number the classes anew", "a.png,0", "b.png,-1", "c.png,1")]
    [InlineData("a class has at least one picture; '1' has none; add pictures or leave the class out", "a.png,0", "b.png,2", "c.png,0")]
    public void Faults_of_a_csv_list_are_named(string fault, params string[] lines) => Assert.Equal($"{folder.File("list.csv")}: {fault}", Fault(() => Csv(lines)));

    [Fact]
    public void A_label_out_of_range_an_empty_class_and_a_missing_picture_are_named()
    {
        File.WriteAllLines(folder.File("list.csv"), ["a.png,cat", "b.png,cow"]);
        Assert.Equal($"{folder.File("list.csv")}: a label is one of cat, dog; got 'cow' in line 2; correct the line", Fault(() => ImageList.FromCsv(folder.File("list.csv"), ["cat", "dog"])));
        Assert.Equal($"{folder.File("list.csv")}: a class has at least one picture; 'dog' has none; add pictures or leave the class out", Fault(() => ImageList.FromCsv(folder.File("list.csv"), ["cat", "cow", "dog"])));
        ImageList list = Csv("gone.png,cat");
        Assert.Equal($"{folder.File("gone.png")}: a picture that {folder.File("list.csv")} names is there; it is not; add it or take it out of the list", Fault(() => list.Samples[0].ReadImage()));
        Assert.StartsWith("here: labels lie in 0 to 0; got 3.", Assert.Throws<ArgumentException>(() => new ImageList("there", [new ImageSample("here", Picture, 3)], ["a"])).Message, StringComparison.Ordinal);
        Assert.StartsWith("here: labels lie in 0 to 0; got -1.", Assert.Throws<ArgumentException>(() => new ImageList("there", [new ImageSample("here", Picture, -1)], ["a"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImageList("there", [], ["a"]));
        Assert.Throws<ArgumentException>(() => new ImageList("there", [new ImageSample("here", Picture, 0), new ImageSample("there", Picture, 0, "mask", Picture)], ["a"]));
    }

    [Fact]
    public void Split_and_Take_keep_the_classes_in_proportion_and_repeat_themselves()
    {
        ImageSample[] samples = [.. Enumerable.Range(0, 130).Select(i => new ImageSample($"{i}", Picture, i < 100 ? 0 : i < 127 ? 1 : 2))];
        var list = new ImageList("all", samples, ["many", "some", "three"]);
        (ImageList kept, ImageList heldOut) = list.Split(0.3, seed: 4);
        Assert.Equal([("many", 0, 70), ("some", 1, 19), ("three", 2, 2)], ByClass(kept));
        Assert.Equal([("many", 0, 30), ("some", 1, 8), ("three", 2, 1)], ByClass(heldOut));
        Assert.Equal(samples, kept.Samples.Concat(heldOut.Samples).OrderBy(sample => int.Parse(sample.Name)));
        foreach (ImageList part in (ImageList[])[kept, heldOut, list.Take(20, 1)])
            Assert.Equal(part.Samples.OrderBy(sample => int.Parse(sample.Name)), part.Samples);
        Assert.Equal(heldOut.Samples, list.Split(0.3, 4).HeldOut.Samples);
        Assert.NotEqual(heldOut.Samples, list.Split(0.3, 5).HeldOut.Samples);
        Assert.Equal([("many", 0, 9), ("some", 1, 8), ("three", 2, 3)], ByClass(list.Take(20, 1)));
        Assert.Equal(130, list.Take(130, 1).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Take(131, 1));
        // Ten classes of two: a fifth of the list, although a fifth of two rounds to none.
        var small = new ImageList("small", [.. Enumerable.Range(0, 20).Select(i => new ImageSample($"{i}", Picture, i / 2))], [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        Assert.Equal(4, small.Split(0.2, 1).HeldOut.Count);
        Assert.Equal(16, small.Split(0.2, 1).Kept.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Split(1, 1));
        Assert.Throws<ArgumentException>(() => list.Take(3, 1).Split(0.1, 1));
    }

    private static Image Picture() => new(2, 3, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 14))]);

    private static string Fault(Action action) => Assert.Throws<FileFormatException>(action).Message;

    private static (string, int, int)[] ByClass(ImageList list) => [.. list.Samples.GroupBy(sample => sample.Label).OrderBy(group => group.Key).Select(group => (list.Classes[group.Key], group.Key, group.Count()))];

    private ImageList Csv(params string[] lines)
    {
        File.WriteAllLines(folder.File("list.csv"), lines);
        return ImageList.FromCsv(folder.File("list.csv"));
    }

    private void Put(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            ImageFile.SavePng(folder.File(name), Picture());
        }
    }
}
