using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>How to convert, beyond what the two files say.</summary>
public sealed record ConvertOptions
{
    /// <summary>How to read the source.</summary>
    public LoadOptions Load { get; init; } = new();

    /// <summary>Whether arrays are deflated; in HDF5 shuffled before.</summary>
    public bool Compressed { get; init; }

    /// <summary>The picture on which the two models are compared; null takes one that is computed, 224².</summary>
    public Image? Probe { get; init; }
}

/// <summary>
/// Weight files of one framework into files of the other, for the architectures that both have: VGG16, VGG19, ResNet50, ResNet101, ResNet152. GoogLeNet and the U-Net exist in one framework only, and new layers on a tap belong to the framework
/// of their base; they keep its names and change the container alone.
/// </summary>
public static class ModelConverter
{
    private const int ProbeSize = 224;

    /// <summary>
    /// Converts a file. <c>.npz</c> makes Chainer's model of it, <c>.h5</c> Keras's; a file that is of that framework already is written anew, without what is no weight. The result is loaded again, and both models look at
    /// the same prepared picture: VGG's arrays pass bit for bit and its probabilities are equal; a ResNet of the other framework is another network by epsilon and pooling, and the report says by how much.
    /// </summary>
    /// <param name="input">Any weight file that <see cref="ModelLoader"/> reads.</param>
    /// <param name="output">A path ending in .npz, .h5 or .hdf5.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="WeightException">The source is no whole model of the zoo, or has no top, which Chainer's models always have.</exception>
    /// <exception cref="FileFormatException">The source cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="output"/> has another ending.</exception>
    /// <exception cref="IOException">A file cannot be opened or written.</exception>
    public static ConversionReport Convert(string input, string output, ConvertOptions? options = null)
    {
        options ??= new ConvertOptions();
        bool npz = ModelWriter.IsNpz(output);
        Model source = ModelLoader.Load(input, options.Load);
        Model target = Target(source, TargetOrigin(source, npz), input);
        var change = new OriginChange(source, target);
        ModelWriter.Write(output, target, change.Places, options.Compressed);
        Model written = ModelLoader.Load(output, new LoadOptions { Model = target.Name, Device = options.Load.Device, ValidStem = target.Options.ValidStem, DownsampleFacebook = target.Options.DownsampleFacebook });
        string layer = source.ProbabilityLayer ?? source.AvailableLayers[^1], writtenLayer = written.ProbabilityLayer ?? written.AvailableLayers[^1];
        return new ConversionReport
        {
            Input = input,
            Output = output,
            Model = source.Name,
            From = source.Origin,
            To = target.Origin,
            Arrays = change.Places.Count,
            Changed = change.Changed,
            Differences = ModelDifferences.Between(source, target),
            ProbeLayer = layer,
            LargestDifference = Difference(source, layer, written, writtenLayer, options.Probe ?? ComputedPicture()),
        };
    }

    private static Origin TargetOrigin(Model source, bool npz)
    {
        if (source is FineTuned)
            return source.Origin;
        IReadOnlyList<Origin> origins = ModelZoo.OriginsOf(source.Name);
        Origin wanted = npz ? Origin.Chainer : source.Origin == Origin.KerasOld ? Origin.KerasOld : Origin.Keras;
        return origins.Contains(wanted) ? wanted : source.Origin;
    }

    private static Model Target(Model source, Origin origin, string input)
    {
        if (origin == Origin.Chainer && !source.Options.Top)
            throw new WeightException(input, $"Chainer's models have their classifying layers; this is {source} without them; convert a file with top, or write .h5");
        if (origin == source.Origin)
            return source;
        Model target = ModelZoo.Create(source.Name, new ModelOptions { Origin = origin, Classes = source.Classes, Top = source.Options.Top });
        target.ClassNames = source.ClassNames;
        return target;
    }

    /// <summary>Largest difference of a value, on a picture prepared as the source's framework does.</summary>
    private static float Difference(Model source, string sourceLayer, Model written, string writtenLayer, Image picture)
    {
        using var scope = new Scope();
        Tensor prepared = source.Prepare(picture);
        float[] expected = source.Extract(prepared, [sourceLayer])[sourceLayer].ToArray();
        float[] got = written.Extract(prepared, [writtenLayer])[writtenLayer].ToArray();
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            float difference = Math.Abs(expected[i] - got[i]);
            if (!(difference <= largest))
                largest = difference; // NaN stays
        }
        return largest;
    }

    /// <summary>Waves of a different length and direction in each channel: edges, slopes and flat parts at every scale.</summary>
    private static Image ComputedPicture()
    {
        byte[] pixels = new byte[ProbeSize * ProbeSize * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int c = i % 3, x = i / 3 % ProbeSize, y = i / 3 / ProbeSize;
            double wave = Math.Sin(((x * (c + 1)) + (y * (3 - c))) * 0.05) + Math.Sin(x * y * 0.002 * (c + 1));
            pixels[i] = (byte)Math.Clamp(128 + (60 * wave) + (((x / 28) + (y / 28)) % 2 * 20), 0, 255);
        }
        return new Image(ProbeSize, ProbeSize, 3, pixels);
    }
}
