using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>What is written is read back bit for bit, by us and by h5py and NumPy.</summary>
[Collection("whole networks")]
public sealed class ModelWriterTests
{
    public static TheoryData<string, string> Files
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string file in Goldens.Files("weights"))
            {
                data.Add(file, "model.npz");
                data.Add(file, "model.h5");
            }
            return data;
        }
    }

    [GoldenTheory("weights")]
    [MemberData(nameof(Files))]
    public void Weights_come_back_bit_for_bit(string file, string name)
    {
        using var folder = new TemporaryFolder();
        Model first = ModelLoader.Load(Goldens.PathOf(file));
        first.Save(folder.File(name));
        Model second = ModelLoader.Load(folder.File(name), out LoadReport report, new() { Model = first.Name });
        AssertEqual(first, second);
        Assert.True(report.IsComplete);
        Assert.Equal((first.Origin, first.Classes, first.Options.Top), (second.Origin, second.Classes, second.Options.Top));
        LoadedModels.Release(first);
        LoadedModels.Release(second);
    }

    public static TheoryData<string, Origin, bool> Models => new()
    {
        { "googlenet", Origin.Chainer, true }, { "unet-resnet50", Origin.Keras, true }, { "unet", Origin.Keras, true }, { "resnet50", Origin.Keras, false }, { "resnet50", Origin.KerasOld, true }, { "resnet50", Origin.Chainer, true },
        { "vgg16", Origin.Keras, false }, { "vgg19", Origin.Keras, false },
    };

    /// <summary>First values instead of stored ones, an odd number of classes, N that is not 0, deflated.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_is_written_in_either_container(string name, Origin origin, bool top)
    {
        using var folder = new TemporaryFolder();
        Model first = ModelZoo.Create(name, new() { Origin = origin, Top = top, Classes = 7 });
        foreach (WeightPlace place in WeightPlace.Of(first).Where(place => place.Count is not null))
            place.Count!(place.Path.Length);
        foreach (string path in (string[])[folder.File("model.npz"), folder.File("model.hdf5")])
        {
            first.Save(path, compressed: path.EndsWith('z'));
            Model second = ModelLoader.Load(path, new() { Model = name });
            Assert.Equal(origin, second.Origin);
            AssertEqual(first, second);
        }
        LoadedModels.Release(first);
    }

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var model = new Vgg(16, new() { Origin = Origin.Keras, Top = false });
        model.Save(folder.File("a.h5"));
        model.Save(folder.File("b.h5"));
        Assert.Equal(File.ReadAllBytes(folder.File("a.h5")), File.ReadAllBytes(folder.File("b.h5")));
    }

    [Theory]
    [InlineData("model.weights.h5")]
    [InlineData("model.keras")]
    [InlineData("model")]
    public void Other_endings_are_refused(string path) => Assert.Contains(".npz or .h5", Assert.Throws<ArgumentException>(() => new GoogLeNet().Save(path)).Message, StringComparison.Ordinal);

    /// <summary>Every element of a change of order, for pieces that begin and end within rows.</summary>
    [Theory]
    [InlineData(5, 3, 7, 11)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(17, 2, 9, 40)]
    public void Pieces_are_gathered_wherever_they_begin(int a, int b, int p, int step)
    {
        var change = new LayoutChange(a, b, p);
        float[] values = [.. Enumerable.Range(0, a * b * p).Select(i => (float)i)];
        float[] file = new float[values.Length];
        for (int start = 0; start < file.Length; start += step)
            change.Gather(values, start, file.AsSpan(start, Math.Min(step, file.Length - start)));
        for (int i = 0; i < file.Length; i++)
            Assert.Equal(((((i % p) * b) + (i / p % b)) * a) + (i / p / b), file[i]);
    }

    /// <summary>Reads as Keras's own reader of this layout does: names from the attributes, arrays by them, in order.</summary>
    [PythonFact("h5py, numpy")]
    public void H5py_and_NumPy_read_what_is_written()
    {
        using var folder = new TemporaryFolder();
        var keras = new Vgg(16, new() { Origin = Origin.Keras, Top = false });
        keras.Save(folder.File("keras.h5"));
        keras.Save(folder.File("keras.npz"), compressed: true);
        var chainer = new GoogLeNet();
        chainer.Save(folder.File("chainer.npz"));
        chainer.Save(folder.File("chainer.h5"), compressed: true);
        const string Script = """
            import sys, h5py, numpy as np
            text = lambda n: n.decode('utf8') if hasattr(n, 'decode') else n
            f, z = h5py.File(sys.argv[1] + '/keras.h5', 'r'), np.load(sys.argv[1] + '/keras.npz')
            print(text(f.attrs['backend']), text(f.attrs['keras_version']), len(f.attrs['layer_names']), len(z.files))
            for layer in map(text, f.attrs['layer_names']):
                for name in map(text, f[layer].attrs['weight_names']):
                    a = np.asarray(f[layer][name]); assert a.dtype == '<f4'
                    assert np.array_equal(a, z[name.replace(':0', '')])
                    print(name, a.shape, repr(float(a.ravel()[-1])))
            f, z = h5py.File(sys.argv[1] + '/chainer.h5', 'r'), np.load(sys.argv[1] + '/chainer.npz')
            assert all(np.array_equal(f[k][()], z[k]) for k in z.files)
            w = z['inc4a/conv3/W']
            print(len(z.files), w.shape, repr(float(w[5, 4, 2, 1])), repr(float(z['loss1_fc1/W'][9, 7 * 16 + 2 * 4 + 3])))
            """;
        string[] lines = Python.Run("h5py, numpy", Script, folder.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("tensorflow 2.15.0 19 26", lines[0]);
        Assert.Equal(28, lines.Length);
        Tensor last = ((NativeFree.Layers.Convolution2D)keras["block5_conv3"]).W.Value;
        Assert.Equal($"block5_conv3/kernel:0 (3, 3, 512, 512) {((double)last.ToArray()[^1]).ToString("R", System.Globalization.CultureInfo.InvariantCulture).Replace("E-0", "e-0", StringComparison.Ordinal)}", lines[25]);
        float[] w = ((NativeFree.Layers.Convolution2D)chainer["inc4a/conv3"]).W.Value.ToArray(), fc = ((NativeFree.Layers.Linear)chainer["loss1_fc1"]).W.Value.ToArray();
        string[] parts = lines[27].Split(' ');
        Assert.Equal("128 (208, 96, 3, 3)", string.Join(' ', parts[..5]));
        Assert.Equal(w[((((2 * 3) + 1) * 96) + 4) * 208 + 5], (float)double.Parse(parts[5], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(fc[((((2 * 4) + 3) * 128) + 7) * 1024 + 9], (float)double.Parse(parts[6], System.Globalization.CultureInfo.InvariantCulture));
    }

    internal static void AssertEqual(Model first, Model second)
    {
        IReadOnlyList<WeightPlace> a = WeightPlace.Of(first), b = WeightPlace.Of(second);
        Assert.Equal(a.Select(place => place.Path), b.Select(place => place.Path));
        for (int i = 0; i < a.Count; i++)
        {
            if (a[i].Read is null)
                Assert.Equal(a[i].ReadCount!(), b[i].ReadCount!());
            else
                Assert.True(a[i].Read!().ToArray().AsSpan().SequenceEqual(b[i].Read!().ToArray()), a[i].Path);
        }
    }
}
