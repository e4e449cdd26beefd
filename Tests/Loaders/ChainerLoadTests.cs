using System.IO.Compression;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Chainer files that are whole, wrapped, or not whole; GoogLeNet, the smallest.</summary>
[Collection("whole networks")]
public sealed class ChainerLoadTests
{
    [Theory]
    [InlineData("")]
    [InlineData("predictor/")]
    [InlineData("updater/model:main/predictor/")]
    public void A_prefix_is_found(string prefix)
    {
        using var folder = new TemporaryFolder();
        List<NamedArray> arrays = SyntheticWeights.Chainer(new GoogLeNet(), prefix);
        int number = arrays.FindIndex(array => array.Name == prefix + "inc4a/conv3/b");
        if (prefix.StartsWith("updater", StringComparison.Ordinal))
            arrays.AddRange(SyntheticWeights.Constant("updater/optimizer:main/conv1/W/m", [64, 3, 7, 7], 0), NamedArray.Of("updater/iteration", [], new ReadOnlyMemory<long>([2L])));
        Model model = ModelLoader.Load(SyntheticWeights.WriteNpz(folder, arrays), out LoadReport report);
        Assert.Equal(("googlenet", 128), (model.Name, report.Loaded.Count));
        Assert.Equal(arrays.Count - 128, report.TrainingState.Count);
        Assert.Equal(number, ((Convolution2D)model["inc4a/conv3"]).B!.Value.ToArray()[0]);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_nothing_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var model = new GoogLeNet();
        List<NamedArray> arrays = SyntheticWeights.Chainer(model);
        arrays.RemoveAll(array => array.Name is "inc3a/conv1/W" or "inc5b/proj3/b" or "conv2/W");
        arrays.Add(SyntheticWeights.Constant("conv2/W", [192, 64, 1, 1], 0));
        arrays.Add(SyntheticWeights.Constant("extra/W", [3], 0));
        string path = SyntheticWeights.WriteNpz(folder, arrays);
        var error = Assert.Throws<WeightException>(() => model.Load(path));
        Assert.Equal(
            $"{path}: every weight has its place in the model and every place its weight; for googlenet (chainer) it gives 125 loaded, 2 missing (inc3a/conv1/W, inc5b/proj3/b), 1 unused (extra/W), "
            + "1 wrong shape (conv2/W: file <f4 [192, 64, 1, 1], model [192, 64, 3, 3]); use the file of that very model",
            error.Message);
        Assert.All(model.NamedParameters(), item => Assert.False(item.Parameter.IsInitialized));
        Assert.Equal(["inc3a/conv1/W", "inc5b/proj3/b"], error.Report!.Missing);
    }

    /// <summary>NumPy would broadcast (1,1,1,1); Chainer writes |O for a parameter without value; whole numbers are not weights.</summary>
    [Fact]
    public void Nothing_is_broadcast_or_converted_quietly()
    {
        using var folder = new TemporaryFolder();
        List<NamedArray> arrays = SyntheticWeights.Chainer(new GoogLeNet());
        arrays.RemoveAll(array => array.Name is "conv1/W" or "conv1/b");
        arrays.Add(SyntheticWeights.Constant("conv1/W", [1, 1, 1, 1], 0));
        arrays.Add(NamedArray.Of("conv1/b", [64], new ReadOnlyMemory<long>(new long[64])));
        var error = Assert.Throws<WeightException>(() => ModelLoader.Load(SyntheticWeights.WriteNpz(folder, arrays)));
        Assert.Equal(["conv1/W", "conv1/b"], error.Report!.Misfits.Select(misfit => misfit.Path).Order());
    }

    /// <summary>A parameter that was never used has no value; Chainer stores a pickled None, of which nothing is unpacked. Here it counts as missing.</summary>
    [Fact]
    public void A_parameter_without_value_is_missing()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, SyntheticWeights.Chainer(new GoogLeNet()).Where(array => array.Name != "loss3_fc/W"));
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update))
        using (Stream member = zip.CreateEntry("loss3_fc/W.npy").Open())
        {
            // Version 1, a header of 0x76 bytes, then what would be the pickle: never looked at.
            string header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".PadRight(0x75) + "\n";
            member.Write([0x93, .. "NUMPY"u8, 1, 0, 0x76, 0, .. System.Text.Encoding.ASCII.GetBytes(header), 0x80, 4, .. "cos\nsystem\n."u8]);
        }
        WeightException error = Assert.Throws<WeightException>(() => new GoogLeNet().Load(path));
        Assert.Equal((1, "loss3_fc/W"), (error.Report!.Missing.Count, error.Report.Missing[0]));
        Assert.Equal(["loss3_fc/W"], new GoogLeNet().Load(path, new() { AllowMissing = true }).Missing);
    }

    [Fact]
    public void A_failure_while_reading_leaves_the_model_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var model = new GoogLeNet();
        string path = SyntheticWeights.WriteNpz(folder, SyntheticWeights.Chainer(model));
        model.Load(path);
        float before = ((Convolution2D)model["conv1"]).B!.Value.ToArray()[0];
        byte[] bytes = File.ReadAllBytes(path);
        int name = bytes.AsSpan().LastIndexOf("loss2_fc2/W.npy"u8);
        bytes[bytes.AsSpan().IndexOf("loss2_fc2/W.npy"u8) + 2000] ^= 1; // a value inside the member: its checksum no longer holds
        Assert.NotEqual(-1, name);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<FileFormatException>(() => model.Load(path));
        Assert.Equal(before, ((Convolution2D)model["conv1"]).B!.Value.ToArray()[0]);
    }

    [Fact]
    public void Another_number_of_classes_follows_the_file()
    {
        using var folder = new TemporaryFolder();
        Model model = ModelLoader.Load(SyntheticWeights.WriteNpz(folder, SyntheticWeights.Chainer(new GoogLeNet(new() { Classes = 7 }))));
        Assert.Equal(7, model.Classes);
    }

    [Fact]
    public void ChainerCVs_models_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, [SyntheticWeights.Constant("extractor/conv1_1/conv/W", [64, 3, 3, 3], 0)]);
        Assert.Contains("ChainerCV", Assert.Throws<WeightException>(() => ModelLoader.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_no_model_says_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        string path = SyntheticWeights.WriteNpz(folder, [SyntheticWeights.Constant("a", [2], 0), SyntheticWeights.Constant("b", [2], 0)]);
        Assert.Equal(
            $"{path}: a weight file holds a model of the zoo ({string.Join(", ", ModelZoo.Names)}); this is no weight file of Chainer or Keras and holds 2 arrays such as a, b",
            Assert.Throws<WeightException>(() => ModelLoader.Load(path)).Message);
    }

    [GoldenFact("weights/chainer_resnet50_seed1.npz")]
    public void The_wrong_models_file_says_which_model_it_looks_like()
    {
        string path = Goldens.PathOf("weights/chainer_resnet50_seed1.npz");
        Assert.Equal(
            $"{path}: the file holds the model asked for; asked for vgg16, it looks like resnet50 (chainer); ask for resnet50 or give a file of vgg16",
            Assert.Throws<WeightException>(() => ModelLoader.Load(path, new() { Model = "vgg16" })).Message);
        Assert.Contains("looks like resnet50 (chainer)", Assert.Throws<WeightException>(() => new ResNet(101).Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("this is resnet50 (chainer), the model resnet50 (keras)", Assert.Throws<WeightException>(() => new ResNet(50, new() { Origin = Origin.Keras }).Load(path)).Message, StringComparison.Ordinal);
    }
}
