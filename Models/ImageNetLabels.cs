using System.Reflection;

namespace NativeFree.Models;

/// <summary>
/// Names of the 1000 classes of ILSVRC 2012 in the order of Caffe's synset list, which Chainer and Keras share: class 254 is <c>pug</c>.
/// </summary>
public static class ImageNetLabels
{
    private static readonly Lazy<string[]> Lines = new(Read);

    /// <summary>The first synonym of each class.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Lines.Value.Select(line => line.Split('\t')[2].Split(',')[0].Trim())];

    private static string[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("imagenet_labels.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
