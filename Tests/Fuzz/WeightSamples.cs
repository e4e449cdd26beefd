using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>
/// Whole weight files for the fuzzer, small because every array is constant and packed: VGG16's convolutions as Keras's h5, GoogLeNet as
/// Chainer's npz. Damage to them goes through the name maps, the comparison with the model, and the reading of every array into its place.
/// </summary>
internal static class WeightSamples
{
    public static FuzzSample[] Make()
    {
        string folder = Directory.CreateTempSubdirectory("nativefree-fuzz").FullName;
        try
        {
            string keras = Path.Combine(folder, "vgg16.h5"), chainer = Path.Combine(folder, "googlenet.npz");
            Model vgg = new Vgg(16, new() { Origin = Origin.Keras, Top = false }), googLeNet = new GoogLeNet();
            ModelWriter.Write(keras, vgg, Constant(vgg), compressed: true);
            ModelWriter.Write(chainer, googLeNet, Constant(googLeNet), compressed: true);
            return [.. new[] { keras, chainer }.Select(path => new FuzzSample(Path.GetFileName(path), File.ReadAllBytes(path)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static byte[] Mutate(FuzzSample sample, FuzzSample other, Random random) =>
        sample.Name.EndsWith(".h5", StringComparison.Ordinal) ? Hdf5Mutation.Of(sample, sample, random)
            : Mutation.Of(sample.Bytes, other.Bytes, random);

    /// <summary>Loads what fits; true where everything did.</summary>
    public static bool Load(byte[] input, string name)
    {
        using ArrayFile file = ArrayFile.Open(input, name);
        if (WeightSource.Of(file) is not { } source)
            return false;
        Model model = source.Framework == "keras" ? new Vgg(16, new() { Origin = Origin.Keras, Top = false }) : new GoogLeNet();
        var load = new WeightLoad(source, model);
        try
        {
            load.Run(partial: true);
            return load.Report.IsComplete;
        }
        catch (WeightException)
        {
            return false;
        }
        finally
        {
            foreach ((_, NativeFree.Autograd.Parameter parameter) in model.NamedParameters().Where(item => item.Parameter.IsInitialized))
                parameter.Value.Release();
        }
    }

    /// <summary>The model's places with values that are all alike; one tensor at a time exists.</summary>
    private static IReadOnlyList<WeightPlace> Constant(Model model) =>
        [.. WeightPlace.Of(model)
            .Select(place => place.Shape is { } shape ? place with { Read = () => Tensor.Zeros(CpuDevice.Default, shape) }
            : place)];
}
