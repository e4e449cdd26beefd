using System.Globalization;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>Where two frameworks' models of one architecture compute differently although their weights are the same.</summary>
internal static class ModelDifferences
{
    public static IReadOnlyList<string> Between(Model from, Model to)
    {
        if (from.Origin == to.Origin)
            return [];
        var all = new List<string>();
        if (from is Vgg)
        {
            all.Add("pooling: Chainer's rounds up, Keras's down; the same where the picture's sides are multiples of 32");
            all.Add("pictures: the same means; Chainer resizes bicubic, Keras takes the nearest pixel");
            return all;
        }
        all.Add($"batch norm: epsilon {Epsilon(from)} in {from.Origin.Text()}, {Epsilon(to)} in {to.Origin.Text()}; no file stores it");
        all.Add("first pooling: windows of Chainer begin at row and column 0 and may overhang, those of Keras begin in a border of zeros one wide");
        if (from.Options.DownsampleFacebook)
            all.Add("stride of a stage's first block: on the 3×3 convolution in this file's model (downsample_fb), on the first 1×1 in Keras");
        if (from.Options.ValidStem)
            all.Add("stem: this file's model has no border before the first pooling and 55² values behind it, Chainer's has 56²");
        all.Add("pictures: means 103.063, 115.903, 123.152 and bicubic in Chainer, 103.939, 116.779, 123.68 and the nearest pixel in Keras");
        return all;
    }

    private static string Epsilon(Model model) =>
        model.Descendants().Select(item => item.Layer).OfType<BatchNormalization>().First().Epsilon.ToString(CultureInfo.InvariantCulture);
}
