using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Prepared inputs equal those of Chainer and Keras bit for bit, from the photo's file on.</summary>
public sealed class PrepareTests
{
    private static readonly string Checksums = Path.Combine(AppContext.BaseDirectory, "Goldens", "models", "prepared.sha256");

    public static TheoryData<string> StoredArrays => [.. Goldens.Files("models", "prepare_*.npy")];

    public static TheoryData<string, string> StoredChecksums
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string line in File.ReadLines(Checksums))
                data.Add(line.Split(' ')[0], line.Split(' ')[1]);
            return data;
        }
    }

    [GoldenTheory("models/prepare_vgg__chelsea.npy")]
    [MemberData(nameof(StoredArrays))]
    public void Prepared_arrays_are_equal(string file)
    {
        ReferenceArray expected = ReferenceArray.Load(Goldens.PathOf(file));
        Assert.Equal([3, 224, 224], expected.Shape);
        Assert.Equal(expected.As<float>(), Prepare(Path.GetFileName(file)));
    }

    /// <summary>The same arrays by their SHA-256, where the arrays themselves are too big to come along.</summary>
    [GoldenTheory("images")]
    [MemberData(nameof(StoredChecksums))]
    public void Prepared_arrays_have_the_checksum(string file, string sha256) =>
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(Prepare(file)))));

    [Fact]
    public void The_U_Net_reads_zero_to_one_red_first()
    {
        var image = new Image(2, 1, 4, [255, 51, 0, 9, 0, 0, 255, 200]);
        using var scope = new Scope();
        Assert.Equal([1, 51 * (1 / 255f), 0, 0, 0, 1], new UNetResNet50().Prepare(image, 2, 1).ToArray());
        // Half-pixel bilinear: three rows from two lie at −1/6, 1/2 and 7/6, clamped.
        Assert.Equal([1, 0.2f, 0, 0.5f, 0.1f, 0.5f, 0, 0, 1], new UNetResNet50().Prepare(image, 3, 1).ToArray().Select(v => MathF.Round(v, 6)));
        // With a filter of Pillow's the values are rounded to bytes in between.
        Assert.Equal([1, 51 * (1 / 255f), 0, 0, 0, 1], new UNetResNet50().Prepare(image, 2, 1, ResizeFilter.Nearest).ToArray());
    }

    [Fact]
    public void Grey_pictures_are_repeated_and_sizes_are_free()
    {
        using var scope = new Scope();
        Tensor x = new GoogLeNet().Prepare(new Image(1, 2, 1, [10, 200]), height: 1, width: 2);
        Assert.Equal(new Shape(1, 1, 2, 3), x.Shape);
        Assert.Equal([10 - 104f, 10 - 117, 10 - 123, 200 - 104, 200 - 117, 200 - 123], x.ToArray());
        Assert.Throws<ArgumentException>(() => new GoogLeNet().Prepare(new Image(1, 2, 1, [10, 200]), height: 0));
    }

    /// <summary>From <c>prepare_resnet__astronaut.npy</c> or <c>prepare_keras_caffe_bicubic__chelsea.npy</c>.</summary>
    private static float[] Prepare(string file)
    {
        string[] parts = Path.GetFileNameWithoutExtension(file).Split("__");
        string photo = Goldens.Files("images").Single(path => Path.GetFileNameWithoutExtension(path) == parts[1]);
        (Model model, ResizeFilter? filter) = parts[0]["prepare_".Length..] switch
        {
            "vgg" => ((Model)new Vgg(19), (ResizeFilter?)null),
            "resnet" => (new ResNet(101), null),
            "googlenet" => (new GoogLeNet(), null),
            "keras_caffe" => (new ResNet(50, new() { Origin = Origin.KerasOld }), null),
            "keras_caffe_bicubic" => (new Vgg(16, new() { Origin = Origin.Keras }), ResizeFilter.Bicubic),
            "keras_caffe_bilinear" => (new ResNet(152, new() { Origin = Origin.Keras }), ResizeFilter.Bilinear),
            _ => throw new InvalidOperationException(file),
        };
        using var scope = new Scope();
        return model.Prepare(ImageFile.Load(Goldens.PathOf(photo)), filter: filter).ToNchw();
    }
}
