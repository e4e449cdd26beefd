using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Models that a framework's names do not tell, written under these names: with a description that our loader follows and Keras and Chainer pass over.</summary>
[Collection("whole networks")]
public sealed class DescribedExportTests
{
    private static readonly string[] Names = ["Hund", "Käse", "猫"];

    public static TheoryData<string, Origin, string, string> Cases => new()
    {
        { "resnet50", Origin.Keras, "conv2_block1_out", "model.h5" }, { "resnet50", Origin.Keras, "conv2_block1_out", "model.npz" }, { "resnet50", Origin.KerasOld, "stage1_pool", "model.h5" },
        { "resnet50", Origin.Chainer, "res2", "model.npz" }, { "resnet50", Origin.Chainer, "pool1", "model.h5" }, { "googlenet", Origin.Chainer, "loss1_fc1", "model.npz" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void New_layers_come_back_from_a_framework_file(string name, Origin origin, string tap, string file)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(file);
        var tuned = new FineTuned(ModelZoo.Create(name, new ModelOptions { Origin = origin, InputSize = name == "googlenet" ? null : 41 }), tap, 3, new NewLayerOptions { Hidden = [5] }) { ClassNames = Names };
        tuned.Save(path);
        FineTuned again = Assert.IsType<FineTuned>(ModelLoader.Load(path, out LoadReport report, new LoadOptions { Device = tuned.Device }));
        Assert.True(report.IsComplete);
        Assert.Equal((name, origin, tap, 3, tuned.InputSize), (again.Name, again.Origin, again.Tap, again.Classes, again.InputSize));
        Assert.Equal(Names, again.ClassNames);
        Assert.Equal([5], again.NewLayerOptions.Hidden);
        Assert.Equal(Training.TinyNet.Bits(tuned), Training.TinyNet.Bits(again));
        using ArrayFile arrays = ArrayFile.Open(path);
        WeightFileInfo info = ModelLoader.Recognize(arrays);
        Assert.Equal((origin == Origin.Chainer ? "chainer" : "keras", name, 3), (info.Framework, info.Model, info.Classes));
        Assert.DoesNotContain(arrays.Arrays, entry => entry.Name.StartsWith("model/", StringComparison.Ordinal));
        LoadedModels.Release(tuned);
        LoadedModels.Release(again);
    }

    /// <summary>Chainer flattens [N, C, H, W]: a row of ours, (y, x, c), is its column (c, y, x), in the new layers and in the base.</summary>
    [Theory]
    [InlineData("resnet50", "pool1", "head1")]
    [InlineData("googlenet", "loss1_fc1", "loss1_fc1")]
    public void Layers_that_flatten_follow_chainers_order(string name, string tap, string layer)
    {
        using var folder = new TemporaryFolder();
        var tuned = new FineTuned(ModelZoo.Create(name, new ModelOptions { Origin = Origin.Chainer, InputSize = name == "googlenet" ? null : 33 }), tap, 3);
        tuned.Save(folder.File("model.npz"));
        Weight weight = tuned[layer].NamedWeights().First(item => item.Path == "W").Weight;
        float[] ours = weight.Parameter.Value.ToArray();
        (int inputs, int outputs) = (weight.Shape!.Value[0], weight.Shape.Value[1]);
        ReferenceArray stored = ReferenceArray.LoadAll(folder.File("model.npz"))[layer + "/W"];
        Assert.Equal([outputs, inputs], stored.Shape.Select(extent => (int)extent));
        float[] theirs = stored.As<float>();
        int channels = name == "googlenet" ? 128 : 64, pixels = inputs / channels;
        Assert.True(pixels > 1);
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < pixels; p++)
            {
                for (int o = 0; o < outputs; o++)
                    Assert.True(theirs[(((o * channels) + c) * pixels) + p] == ours[(((p * channels) + c) * outputs) + o], $"output {o}, channel {c}, pixel {p}");
            }
        }
        LoadedModels.Release(tuned);
    }

    [Fact]
    public void A_narrow_unet_and_names_of_classes_come_back()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["unet.h5", "unet.npz"])
        {
            Model unet = ModelZoo.Create("unet", new ModelOptions { Width = 2, SamePadding = true, UpSample = true, Classes = 3, InputSize = 48 });
            unet.ClassNames = Names;
            unet.Save(folder.File(file));
            Model again = ModelLoader.Load(folder.File(file), new LoadOptions { Device = unet.Device });
            Assert.Equal(unet.Options, again.Options);
            Assert.Equal(Names, again.ClassNames);
            Assert.Equal(Training.TinyNet.Bits(unet), Training.TinyNet.Bits(again));
            Assert.Equal(96, ModelLoader.Load(folder.File(file), new LoadOptions { Device = unet.Device, InputSize = 96 }).InputSize);
        }
    }

    [Fact]
    public void A_model_that_its_names_tell_is_written_without_description()
    {
        using var folder = new TemporaryFolder();
        var model = new ResNet(50, new ModelOptions { Origin = Origin.Keras, Top = false });
        model.Save(folder.File("plain.h5"));
        using ArrayFile file = ArrayFile.Open(folder.File("plain.h5"));
        Assert.DoesNotContain(file.Arrays, entry => entry.Name.StartsWith("about/", StringComparison.Ordinal));
        LoadedModels.Release(model);
    }

    [Theory]
    [InlineData("model.h5")]
    [InlineData("model.npz")]
    public void A_checkpoint_is_converted_with_its_new_layers_and_names(string file)
    {
        using var folder = new TemporaryFolder();
        var tuned = new FineTuned(new ResNet(50, new ModelOptions { Origin = Origin.Keras, Top = false, InputSize = 33 }), "conv2_block1_out", 3, new NewLayerOptions { Average = true }) { ClassNames = Names };
        CheckpointFile.Write(folder.File("run.npz"), tuned);
        ConversionReport report = ModelConverter.Convert(folder.File("run.npz"), folder.File(file), new ConvertOptions { Load = new LoadOptions { Device = tuned.Device } });
        Assert.Equal((Origin.Keras, Origin.Keras, 0f), (report.From, report.To, report.LargestDifference));
        Assert.Empty(report.Changed);
        Assert.Empty(report.Differences);
        Model again = ModelLoader.Load(folder.File(file), new LoadOptions { Device = tuned.Device });
        Assert.Equal(Names, again.ClassNames);
        Assert.Equal(Training.TinyNet.Bits(tuned), Training.TinyNet.Bits(again));
    }

    [Fact]
    public void Names_of_classes_pass_from_one_framework_to_the_other()
    {
        using var folder = new TemporaryFolder();
        var model = new ResNet(50, new ModelOptions { Origin = Origin.Keras, Classes = 3, InputSize = 64 }) { ClassNames = Names };
        CheckpointFile.Write(folder.File("run.npz"), model);
        ModelConverter.Convert(folder.File("run.npz"), folder.File("chainer.npz"), new ConvertOptions { Load = new LoadOptions { Device = model.Device } });
        Model again = ModelLoader.Load(folder.File("chainer.npz"), new LoadOptions { Device = model.Device });
        Assert.Equal(Origin.Chainer, again.Origin);
        Assert.Equal(Names, again.ClassNames);
        LoadedModels.Release(model);
        LoadedModels.Release(again);
    }
}
