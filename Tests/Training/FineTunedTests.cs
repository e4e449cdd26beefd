using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Tests.Training;

/// <summary>New layers on a tap, heads in threes, frozen and slowed bases, and the checkpoints that hold them.</summary>
[Collection("whole networks")]
public sealed class FineTunedTests
{
    private static readonly string[] Names = ["cat", "dog", "hen"];

    [Fact]
    public void New_layers_read_the_tap_and_leave_the_rest_behind()
    {
        var model = new Vgg(16, new ModelOptions { InputSize = 37 });
        var tuned = new FineTuned(model, "pool5", 3, new NewLayerOptions { Hidden = [11, 5], Dropout = 0.5f });
        Assert.Equal(new Shape(2, 2, 512), tuned.FeatureShape);
        Assert.Equal(["pool5", "head1", "head2", "head3", "probabilities"], tuned.AvailableLayers.TakeLast(5));
        Assert.DoesNotContain(tuned.NamedParameters(), item => item.Path.StartsWith("fc", StringComparison.Ordinal));
        Assert.Equal(
            [("head1/W", 2048 * 11), ("head1/b", 11), ("head2/W", 55), ("head2/b", 5), ("head3/W", 15), ("head3/b", 3)],
            tuned.Summary().Rows.Count > 0 ? Shapes(tuned).Where(item => item.Path.StartsWith("head", StringComparison.Ordinal)) : []);
        using var scope = new Scope();
        Tensor x = Tensor.From(model.Device, new Shape(2, 37, 37, 3), Noise.Of(2 * 37 * 37 * 3, 3));
        float[] whole = tuned.Extract(x, ["head3"])["head3"].ToArray();
        float[] parts = tuned.NewLayers.Forward(tuned.Features(x)).Value.ToArray();
        Assert.Equal(whole, parts);
        Assert.Equal(2, tuned.Extract(x, ["probabilities"])["probabilities"].Shape[0]);
    }

    [Theory]
    [InlineData("conv5_9", 3, typeof(UnknownLayerException), "there is no 'conv5_9', perhaps")]
    [InlineData("prob", 3, typeof(ModelOptionsException), "before the model's own classes; got 'prob'")]
    [InlineData("fc8", 3, typeof(ModelOptionsException), "replace the classes instead")]
    [InlineData("pool5", 0, typeof(ModelOptionsException), "at least one output")]
    public void Taps_and_sizes_that_cannot_be_are_refused(string tap, int classes, Type type, string reason)
    {
        Exception e = Assert.Throws(type, () => new FineTuned(new Vgg(16), tap, classes));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_base_does_not_move_and_a_slowed_one_does()
    {
        uint[] frozen = Moved(tuned => tuned.FreezeBase(), out bool headsMoved), slowed = Moved(tuned => tuned.SetBaseLearningRateScale(0.1f), out _);
        Assert.True(headsMoved);
        Assert.All(frozen, bits => Assert.Equal(0u, bits));
        Assert.Contains(slowed, bits => bits != 0);

        // Bits of the base that differ after two steps.
        static uint[] Moved(Action<FineTuned> prepare, out bool headsMoved)
        {
            FineTuned tuned = Small();
            prepare(tuned);
            DataLoader data = Data(tuned, 7);
            Trainer trainer = new(new Classifier(tuned), new MomentumSgd(TinyNet.ParametersOf(tuned), 0.01));
            trainer.Evaluate(data); // makes the first weights
            uint[] before = BaseBits(tuned), heads = TinyNet.Bits(tuned.NewLayers);
            trainer.Fit(data, epochs: 1);
            headsMoved = !heads.SequenceEqual(TinyNet.Bits(tuned.NewLayers));
            return [.. before.Zip(BaseBits(tuned), (a, b) => a ^ b)];
        }
    }

    [Fact]
    public void A_frozen_base_gives_the_same_features_in_training()
    {
        FineTuned tuned = Small();
        tuned.FreezeBase();
        using var scope = new Scope();
        Tensor x = Tensor.From(tuned.Device, new Shape(1, 33, 33, 3), Noise.Of(33 * 33 * 3, 5));
        float[] expected = tuned.Features(x).ToArray();
        using var tape = new Tape();
        Assert.Equal(expected, tuned.Features(x).ToArray());
        (Variable loss, _) = new Classifier(tuned).Run(x, new Labels(1));
        Assert.All(tape.Records, record => Assert.True(record.Layer.Length == 0 || record.Layer.StartsWith("head", StringComparison.Ordinal), record.Layer));
        tape.Backward(loss);
    }

    [Fact]
    public void Googlenets_three_heads_are_one_loss()
    {
        var model = new GoogLeNet();
        model.ReplaceHeads(3);
        using var scope = new Scope();
        Tensor x = Noise.On(model.Device, new Shape(2, 224, 224, 3), 9);
        var labels = new Labels(2, 1);
        IReadOnlyDictionary<string, Variable> heads = model.Forward(x, ["loss1_fc2", "loss2_fc2", "loss3_fc"]);
        Assert.All(heads.Values, scores => Assert.Equal(new Shape(2, 3), scores.Shape));
        double Loss(string name) => F.SoftmaxCrossEntropy(heads[name], labels).Value.ToArray()[0];
        var classifier = new Classifier(model);
        (Variable all, Variable scores) = classifier.Run(x, labels);
        (Variable one, _) = classifier.Run(x, labels, everyHead: false);
        Assert.Equal(Loss("loss3_fc") + (0.3 * (Loss("loss1_fc2") + Loss("loss2_fc2"))), all.Value.ToArray()[0], 1e-6);
        Assert.Equal(Loss("loss3_fc"), one.Value.ToArray()[0], 1e-7);
        Assert.Equal(heads["loss3_fc"].Value.ToArray(), scores.Value.ToArray());
    }

    [Fact]
    public void A_checkpoint_is_a_weight_file_and_brings_its_class_names()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz");
        FineTuned tuned = Small();
        tuned.ClassNames = Names;
        Trainer trainer = new(new Classifier(tuned), new Adam(TinyNet.ParametersOf(tuned), 1e-3), new ModelCheckpoint(path));
        trainer.Fit(Data(tuned, 7), epochs: 1);
        Model loaded = ModelLoader.Load(path, out LoadReport report, new LoadOptions { Model = "resnet50", Device = tuned.Device });
        FineTuned again = Assert.IsType<FineTuned>(loaded);
        Assert.Equal(("resnet50", Origin.Keras, 3, 33, "conv2_block1_out"), (again.Name, again.Origin, again.Classes, again.InputSize, again.Tap));
        Assert.Equal(Names, again.ClassNames);
        Assert.Equal([13], again.NewLayerOptions.Hidden);
        Assert.True(again.NewLayerOptions.Average);
        Assert.True(report.IsComplete);
        Assert.Equal(TinyNet.Bits(tuned), TinyNet.Bits(again));
        using ArrayFile file = ArrayFile.Open(path);
        Assert.Equal(("nativefree", "resnet50"), (ModelLoader.Recognize(file).Framework, ModelLoader.Recognize(file).Model));
    }

    [Fact]
    public void A_unet_of_another_width_and_size_comes_back_from_its_checkpoint()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("unet.npz");
        Model model = ModelZoo.Create("unet", new ModelOptions { Width = 2, SamePadding = true, UpSample = true, Classes = 5, InputSize = 48 });
        CheckpointFile.Write(path, model);
        Model again = ModelLoader.Load(path, new LoadOptions { Device = model.Device });
        Assert.Equal(model.Options with { InputSize = 48 }, again.Options);
        Assert.Equal(48, again.InputSize);
        Assert.Equal(TinyNet.Bits(model), TinyNet.Bits(again));
    }

    [Fact]
    public void A_checkpoint_that_was_changed_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("changed.npz");
        NamedArray Number(string name, long value) => NamedArray.Of<long>("about/" + name, [], new[] { value });
        NamedArray[] Arrays(string model, long classes, long size, params long[] layers) =>
        [
            Number("format", 1), NamedArray.Texts("about/model", [], [model]), NamedArray.Texts("about/origin", [], ["chainer"]), Number("classes", classes), Number("input_size", size), Number("width", 0),
            Number("top", 1), Number("same_padding", 0), Number("up_sample", 0), Number("downsample_fb", 0), Number("valid_stem", 0), NamedArray.Texts("about/tap", [], ["pool5"]),
            NamedArray.Of<long>("about/new_layers", [layers.Length], layers), Number("average", 0), NamedArray.Of<float>("about/dropout", [], new[] { 0f }),
        ];
        foreach (NamedArray[] arrays in (NamedArray[][])
        [
            Arrays("vgg17", 10, 224, 3), Arrays("vgg16", 10, long.MaxValue, 3), Arrays("vgg16", 10, 1, 3), Arrays("vgg16", 10, 224), Arrays("vgg16", 10, 224, -1), Arrays("vgg16", 10, 224, new long[5000]),
            Arrays("vgg16", 10, 224, 3)[..8], [Number("format", 1)], Arrays("vgg16", 10, 224, 3),
        ])
        {
            NpzWriter.Write(path, arrays);
            string line = Assert.Throws<WeightException>(() => ModelLoader.Load(path)).Message;
            Assert.DoesNotContain('\n', line);
        }
    }

    private static uint[] BaseBits(FineTuned tuned) =>
    [
        .. tuned.BaseParameters.SelectMany(parameter => parameter.Value.ToArray()).Select(BitConverter.SingleToUInt32Bits),
        .. tuned.NamedStatistics().SelectMany(item => item.Statistic.Value.ToArray()).Select(BitConverter.SingleToUInt32Bits),
    ];

    private static FineTuned Small() => new(
        new ResNet(50, new ModelOptions { Origin = Origin.Keras, Top = false, InputSize = 33 }), "conv2_block1_out", 3, new NewLayerOptions { Hidden = [13], Average = true, Dropout = 0.25f });

    private static DataLoader Data(Model model, int count)
    {
        int size = model.InputSize;
        var data = new ArrayDataset(Noise.Of(count * size * size * 3, 7), new Shape(size, size, 3), [.. Enumerable.Range(0, count).Select(i => i % 3)], new Shape(), Names);
        return new DataLoader(data, 4, device: model.Device, workers: 0);
    }

    private static IEnumerable<(string Path, int Count)> Shapes(Network network)
    {
        foreach ((_, Layer layer) in network.Descendants())
        {
            if (layer is Linear)
                layer.Initialize();
        }
        return network.NamedParameters().Where(item => item.Parameter.IsInitialized).Select(item => (item.Path, (int)item.Parameter.Shape.Count));
    }
}
