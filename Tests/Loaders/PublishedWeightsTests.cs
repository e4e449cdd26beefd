using System.Security.Cryptography;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>The published files: where they are looked for, and, in the folder that NATIVEFREE_PUBLISHED names, what they say.</summary>
[Collection("whole networks")]
public sealed class PublishedWeightsTests
{
    private static string? Published => Environment.GetEnvironmentVariable("NATIVEFREE_PUBLISHED");

    public static TheoryData<string> Files => Published is { } folder && Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => PublishedWeights.Files.Any(known => known.FileName == Path.GetFileName(file))).Select(file => Path.GetRelativePath(folder, file))]
        : [];

    [Fact]
    public void The_caches_of_Keras_and_Chainer_are_searched()
    {
        using var folder = new TemporaryFolder();
        string keras = folder.File("k"), chainer = folder.File("c");
        using var first = new EnvironmentVariable("KERAS_HOME", keras);
        using var second = new EnvironmentVariable("CHAINER_DATASET_ROOT", chainer);
        string message = Assert.Throws<FileNotFoundException>(() => PublishedWeights.Find("vgg16")).Message;
        Assert.Equal(
            $"vgg16: weights come from a file; vgg16_weights_tf_dim_ordering_tf_kernels.h5 is not in {Path.Combine(keras, "models")} nor VGG_ILSVRC_16_layers.npz in {Path.Combine(chainer, "pfnet", "chainer", "models")}; "
            + "get vgg16_weights_tf_dim_ordering_tf_kernels.h5 from https://storage.googleapis.com/tensorflow/keras-applications/vgg16/, or name a file with --weights",
            message);
        Assert.Contains("bvlc_googlenet.npz", Assert.Throws<FileNotFoundException>(() => PublishedWeights.Find("googlenet")).Message, StringComparison.Ordinal);
        Assert.Contains("none is published", Assert.Throws<FileNotFoundException>(() => PublishedWeights.Find("unet-resnet50")).Message, StringComparison.Ordinal);

        string npz = Put(Path.Combine(PublishedWeights.ChainerFolder, "VGG_ILSVRC_16_layers.npz"));
        Assert.Equal(npz, PublishedWeights.Find("vgg16"));
        Put(Path.Combine(PublishedWeights.KerasFolder, "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"));
        Assert.Equal(npz, PublishedWeights.Find("vgg16"));
        Assert.Equal(Put(Path.Combine(PublishedWeights.KerasFolder, "vgg16_weights_tf_dim_ordering_tf_kernels.h5")), PublishedWeights.Find("vgg16"));

        static string Put(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
            return path;
        }
    }

    [PublishedTheory]
    [MemberData(nameof(Files))]
    public void A_published_file_is_itself_and_loads_whole(string file)
    {
        string path = Path.Combine(Published!, file);
        using (FileStream stream = File.OpenRead(path))
        {
            string md5 = Convert.ToHexStringLower(MD5.HashData(stream));
            PublishedFile[] known = [.. PublishedWeights.Files.Where(each => each.FileName == Path.GetFileName(file))];
            Assert.Contains(known, each => each.Md5 is null || each.Md5 == md5);
        }
        Model model = ModelLoader.Load(path, out LoadReport report);
        try
        {
            Assert.True(report.IsComplete);
            string pug = Path.Combine(Published!, "pug.jpg");
            if (!File.Exists(pug) || model.ProbabilityLayer is not { } layer)
                return;
            using var scope = new Scope();
            float[] probabilities = model.Extract([ImageFile.Load(pug)], [layer])[layer].ToArray();
            Assert.Equal(254, Array.IndexOf(probabilities, probabilities.Max()));
        }
        finally
        {
            LoadedModels.Release(model);
        }
    }

    private sealed class PublishedTheoryAttribute : TheoryAttribute
    {
        public PublishedTheoryAttribute()
        {
            if (Files.Count == 0)
                Skip = "NATIVEFREE_PUBLISHED names no folder with published weight files";
        }
    }

    private sealed class EnvironmentVariable : IDisposable
    {
        private readonly string name;
        private readonly string? before;

        public EnvironmentVariable(string name, string value)
        {
            this.name = name;
            before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(name, before);
    }
}
