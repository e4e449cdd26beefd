using NativeFree.Cli;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Parts of files into models, on request only, and names that are changed on the way.</summary>
[Collection("whole networks")]
public sealed class PartialLoadTests
{
    private static readonly string Photo = BundledFiles.PathOf("images", "chelsea.png");

    [Fact]
    public void Another_head_is_skipped_on_request_and_each_array_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, [.. SyntheticWeights.Chainer(new GoogLeNet()).Where(array => array.Name != "conv2/b"), SyntheticWeights.Constant("mine/W", [3], 1)]);
        var model = new GoogLeNet(new() { Classes = 7 });
        Assert.Throws<WeightException>(() => model.Load(path));
        model["loss3_fc"].Initialize();
        float[] head = ((Linear)model["loss3_fc"]).W.Value.ToArray();
        LoadReport report = model.Load(path, new() { AllowMissing = true });
        Assert.Equal(["conv2/b"], report.Missing);
        Assert.Equal(["mine/W"], report.Unused);
        Assert.Equal(["loss1_fc2/W", "loss1_fc2/b", "loss2_fc2/W", "loss2_fc2/b", "loss3_fc/W", "loss3_fc/b"], report.Misfits.Select(misfit => misfit.Array).Order(StringComparer.Ordinal));
        Assert.Equal(121, report.Loaded.Count);
        Assert.Equal(head, ((Linear)model["loss3_fc"]).W.Value.ToArray());
        Assert.All(((Convolution2D)model["conv1"]).W.Value.ToArray(), value => Assert.Equal(0, value)); // the first array of the file
    }

    [Fact]
    public void Names_are_changed_by_prefix_and_pattern()
    {
        using var folder = new TemporaryFolder();
        var model = new GoogLeNet();
        List<NamedArray> arrays = SyntheticWeights.Chainer(model, "a/net/");
        arrays.RemoveAll(array => array.Name is "a/net/loss3_fc/W" or "a/net/conv2/b");
        arrays.Add(SyntheticWeights.Constant("a/net/classifier/W", [1000, 1024], 5));
        arrays.Add(SyntheticWeights.Constant("a/net/second/bias", [192], 6));
        arrays.Add(SyntheticWeights.Constant("b/conv1/W", [1], 7));
        string path = SyntheticWeights.WriteNpz(folder, arrays);
        LoadReport report = model.Load(path, new() { Prefix = "a/net/", Renames = [("classifier", "loss3_fc"), ("sec*/bias", "conv2/b")] });
        Assert.True(report.IsComplete);
        Assert.Equal(["b/conv1/W"], report.TrainingState);
        Assert.Equal((5, 6), (((Linear)model["loss3_fc"]).W.Value.ToArray()[^1], ((Convolution2D)model["conv2"]).B!.Value.ToArray()[0]));
    }

    [Fact]
    public void Keras_layers_are_renamed_too()
    {
        using var folder = new TemporaryFolder();
        var model = new Vgg(16, new() { Origin = Origin.Keras, Top = false });
        var file = new Hdf5Writer();
        var layers = new List<string>();
        foreach ((string layer, _, (string Name, long[] Shape)[] arrays) in SyntheticWeights.Layers(model))
        {
            string mine = "enc_" + layer.Replace("block", "b", StringComparison.Ordinal);
            file.Add(SyntheticWeights.Constant($"{mine}/kernel:0", arrays[0].Shape, layers.Count));
            file.Add(SyntheticWeights.Constant($"{mine}/bias:0", arrays[1].Shape, layers.Count));
            file.SetAttribute(mine, "weight_names", ["kernel:0", "bias:0"]);
            layers.Add(mine);
        }
        file.SetAttribute("", "layer_names", layers);
        file.Write(folder.File("mine.h5"));
        Assert.Throws<WeightException>(() => model.Load(folder.File("mine.h5")));
        LoadReport report = model.Load(folder.File("mine.h5"), new() { Prefix = "enc_", Renames = [("b*_conv3", "block*_conv3"), ("b*", "block*")] });
        Assert.Equal(26, report.Loaded.Count);
        Assert.Equal(6, ((Convolution2D)model["block3_conv3"]).W.Value.ToArray()[0]);
    }

    [Theory]
    [InlineData("a", "b", "a", "b")]
    [InlineData("a", "b", "a/W", "b/W")]
    [InlineData("a", "b", "ab", "ab")]
    [InlineData("a*c", "x*", "abbc", "xbb")]
    [InlineData("a*a", "x*", "a", "a")]
    [InlineData("*", "net/*", "", "net/")]
    public void A_rule_takes_whole_names_or_a_run(string from, string to, string name, string expected) => Assert.Equal(expected, new ArrayNames(null, [(from, to)]).Of(name));

    [Fact]
    public void A_file_of_which_nothing_fits_is_an_error_even_so()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, [SyntheticWeights.Constant("conv1/W", [1, 2, 3, 4], 0), SyntheticWeights.Constant("other/W", [2], 0)]);
        var error = Assert.Throws<WeightException>(() => new GoogLeNet().Load(path, new() { AllowMissing = true }));
        Assert.Contains("at least one array fits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_loads_parts_on_request_only()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, SyntheticWeights.Chainer(new GoogLeNet()).Where(array => !array.Name.StartsWith("loss", StringComparison.Ordinal)));
        CommandRun whole = CommandRun.Of("extract", Photo, "--weights", path, "--layers", "conv1", "--output", folder.File("out.npz"));
        Assert.Equal(1, whole.Code);
        whole.AssertOneLine();
        CommandRun part = CommandRun.Of("extract", Photo, "--weights", path, "--layers", "conv1", "--output", folder.File("out.npz"), "--partial", "--quiet");
        Assert.Equal(0, part.Code);
        Assert.Equal(14, part.Error.Split('\n').Count(line => line.Contains("missing loss", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_command_line_takes_a_prefix_and_new_names()
    {
        using var folder = new TemporaryFolder();
        List<NamedArray> arrays = SyntheticWeights.Chainer(new GoogLeNet(), "net.");
        arrays.RemoveAll(array => array.Name == "net.loss3_fc/b");
        arrays.Add(SyntheticWeights.Constant("net.head/b", [1000], 5));
        string path = SyntheticWeights.WriteNpz(folder, arrays), output = folder.File("out.npz");
        string[] extract = ["extract", Photo, "--weights", path, "--layers", "loss3_fc", "--output", output, "--quiet"];
        Assert.Equal(1, CommandRun.Of(extract).Code);
        CommandRun named = CommandRun.Of([.. extract, "--prefix", "net.", "--rename", "other=conv1", "--rename", "head*=loss3_fc*"]);
        Assert.Equal((0, ""), (named.Code, named.Error));
        CommandRun converted = CommandRun.Of("convert", path, folder.File("plain.npz"), "--prefix", "net.", "--rename", "head=loss3_fc");
        Assert.True(converted.Code == 0, converted.Error);
        using ArrayFile plain = ArrayFile.Open(folder.File("plain.npz"));
        float[] bias = new float[1000];
        plain.ReadFloats(plain["loss3_fc/b"], bias);
        Assert.All(bias, value => Assert.Equal(5, value));
        CommandRun wrong = CommandRun.Of([.. extract, "--rename", "head"]);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("--rename: a rule is FROM=TO; got 'head'", wrong.Error, StringComparison.Ordinal);
    }

    /// <summary>Convolutions of the Theano backend turned their kernels by 180°; only the attribute tells.</summary>
    [Theory]
    [InlineData("theano", true)]
    [InlineData("tensorflow", false)]
    public void Kernels_are_turned_only_where_the_file_says_Theano(string backend, bool turned)
    {
        using var folder = new TemporaryFolder();
        var model = new Vgg(16, new() { Origin = Origin.Keras, Top = false });
        var file = new Hdf5Writer();
        var layers = new List<string>();
        foreach ((string layer, _, (string Name, long[] Shape)[] arrays) in SyntheticWeights.Layers(model))
        {
            file.Add(NamedArray.OfPieces($"{layer}/{layer}/kernel:0", arrays[0].Shape, static (start, piece) =>
            {
                for (int i = 0; i < piece.Length; i++)
                    piece[i] = start + i;
            }));
            file.Add(SyntheticWeights.Constant($"{layer}/{layer}/bias:0", arrays[1].Shape, 1));
            file.SetAttribute(layer, "weight_names", [$"{layer}/kernel:0", $"{layer}/bias:0"]);
            layers.Add(layer);
        }
        file.SetAttribute("", "layer_names", layers);
        file.SetAttribute("", "backend", backend);
        file.SetAttribute("", "keras_version", "2.0.4");
        file.Write(folder.File("file.h5"));
        model.Load(folder.File("file.h5"));
        float[] w = ((Convolution2D)model["block1_conv1"]).W.Value.ToArray();
        for (int i = 0; i < w.Length; i++)
            Assert.Equal(turned ? ((8 - (i / 192)) * 192) + (i % 192) : i, w[i]);
    }
}
