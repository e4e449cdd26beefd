using System.Text.Json;
using NativeFree.Cli;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary><c>classify</c>, <c>extract</c> and <c>inspect</c> on the bundled files, beside the original frameworks' numbers.</summary>
[Collection("whole networks")]
public sealed class PictureCommandTests
{
    private static readonly string Chainer = BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz");
    private static readonly string Keras = BundledFiles.PathOf("weights", "keras3_resnet50_top_seed1.h5.gz");
    private static readonly string Photos = BundledFiles.PathOf("images");

    [Fact]
    public void Classify_answers_with_the_originals_classes()
    {
        string chelsea = Path.Combine(Photos, "chelsea.png");
        JsonElement answer = CommandRun.Json("classify", chelsea, Path.Combine(Photos, "rocket.jpg"), "--weights", Chainer, "--top", "3", "--json");
        Assert.Equal(["model", "origin", "device", "results"], answer.EnumerateObject().Select(item => item.Name));
        Assert.Equal(("resnet50", "chainer"), (answer.GetProperty("model").GetString(), answer.GetProperty("origin").GetString()));
        JsonElement first = answer.GetProperty("results")[0];
        Assert.Equal(chelsea, first.GetProperty("input").GetString());
        float[] expected = ReferenceArray.LoadAll(BundledFiles.PathOf("models", "chainer_resnet50_seed1__chelsea.npz"))["prob.full"].As<float>();
        int[] order = [.. Enumerable.Range(0, 1000).OrderByDescending(i => expected[i]).Take(3)];
        Assert.Equal(order, first.GetProperty("top").EnumerateArray().Select(each => each.GetProperty("index").GetInt32()));
        Assert.Equal(ImageNetLabels.Names[order[0]], first.GetProperty("top")[0].GetProperty("label").GetString());
        Assert.Equal(expected[order[0]], first.GetProperty("top")[0].GetProperty("probability").GetSingle(), 2e-5f * expected[order[0]]);
        Assert.Equal(2, answer.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public void One_bad_input_does_not_stop_the_others()
    {
        using var folder = new TemporaryFolder();
        string bad = folder.File("bad.png");
        File.WriteAllText(bad, "no picture");
        string coffee = Path.Combine(Photos, "coffee.png");
        CommandRun run = CommandRun.Of("classify", bad, "missing.jpg", coffee, "--model", "resnet50", "--weights", Keras, "--quiet");
        Assert.Equal(1, run.Code);
        Assert.StartsWith(coffee, run.Output, StringComparison.Ordinal);
        Assert.Equal(6, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.Contains("bad.png", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("missing.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_and_ten_crops()
    {
        using var folder = new TemporaryFolder();
        string labels = folder.File("labels.txt"), few = folder.File("few.txt"), chelsea = Path.Combine(Photos, "chelsea.png");
        File.WriteAllLines(labels, Enumerable.Range(0, 1000).Select(i => $"name {i}"));
        File.WriteAllLines(few, ["cat", "dog"]);
        float[] expected = ReferenceArray.LoadAll(BundledFiles.PathOf("models", "chainer_resnet50_seed1__predict.npz"))["oversample"].As<float>()[..1000];
        JsonElement top = CommandRun.Json("classify", chelsea, "--weights", Chainer, "--labels", labels, "--oversample", "--json").GetProperty("results")[0].GetProperty("top")[0];
        int best = Array.IndexOf(expected, expected.Max());
        Assert.Equal($"name {best}", top.GetProperty("label").GetString());
        Assert.Equal(expected[best], top.GetProperty("probability").GetSingle(), 2e-5f * expected[best]);
        CommandRun refused = CommandRun.Of("classify", chelsea, "--weights", Chainer, "--labels", few);
        Assert.Equal(1, refused.Code);
        Assert.Contains("2 lines, 1000 classes", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_writes_one_array_a_layer_channels_first()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("features.npz"), last = folder.File("nhwc.npz");
        string[] inputs = [Path.Combine(Photos, "chelsea.png"), Path.Combine(Photos, "rocket.jpg")];
        Assert.Equal(0, CommandRun.Of("extract", inputs[0], inputs[1], "--weights", Chainer, "--layers", "res5,pool5", "--output", output).Code);
        Assert.Equal(0, CommandRun.Of("extract", inputs[0], "--weights", Chainer, "--layers", "res5", "--output", last, "--layout", "nhwc", "--quiet").Code);
        using ArrayFile file = ArrayFile.Open(output);
        Assert.Equal(["inputs", "pool5", "res5"], file.Arrays.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal([2, 2048, 7, 7], file["res5"].Shape);
        Assert.Equal([2, 2048], file["pool5"].Shape);
        Assert.Equal(inputs, file.ReadStrings(file["inputs"]));
        float[] pool5 = new float[2 * 2048], res5 = new float[2 * 2048 * 49], nhwc = new float[2048 * 49];
        file.ReadFloats(file["pool5"], pool5);
        file.ReadFloats(file["res5"], res5);
        float[] expected = ReferenceArray.LoadAll(BundledFiles.PathOf("models", "chainer_resnet50_seed1__rocket.npz"))["pool5.full"].As<float>();
        Assert.All(Enumerable.Range(0, 2048), i => Assert.True(Math.Abs(pool5[2048 + i] - expected[i]) <= 2e-5 * expected.Max()));
        using ArrayFile other = ArrayFile.Open(last);
        Assert.Equal([1, 7, 7, 2048], other["res5"].Shape);
        other.ReadFloats(other["res5"], nhwc);
        Assert.Equal(res5[(5 * 49) + 3], nhwc[(3 * 2048) + 5], 1e-6f);
    }

    [Fact]
    public void Prepared_arrays_are_used_as_they_are()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, ReferenceArray> odd = ReferenceArray.LoadAll(BundledFiles.PathOf("models", "chainer_resnet50_seed1__odd.npz"));
        float[] x = odd["input"].As<float>();
        string one = folder.File("one.npy"), two = folder.File("two.npy"), wrong = folder.File("wrong.npy"), output = folder.File("out.npz");
        NpyWriter.Write(one, NamedArray.Of<float>("x", [3, 80, 60], x));
        NpyWriter.Write(two, NamedArray.Of<float>("x", [2, 3, 80, 60], x.Concat(x).ToArray()));
        NpyWriter.Write(wrong, NamedArray.Of<double>("x", [3, 80, 60], x.Select(v => (double)v).ToArray()));
        CommandRun run = CommandRun.Of("extract", one, two, wrong, Path.Combine(Photos, "coffee.png"), "--weights", Chainer, "--layers", "pool1", "--output", output, "--quiet");
        Assert.Equal(1, run.Code);
        Assert.Contains("float32 of (3, H, W) or (N, 3, H, W); this is <f8 of (3, 80, 60)", run.Error, StringComparison.Ordinal);
        Assert.Contains("coffee.png: all inputs of one extraction have one size", run.Error, StringComparison.Ordinal);
        using ArrayFile file = ArrayFile.Open(output);
        Assert.Equal([one, $"{two}[0]", $"{two}[1]"], file.ReadStrings(file["inputs"]));
        Assert.Equal([3, 64, 20, 15], file["pool1"].Shape);
        float[] got = new float[file["pool1"].Count];
        file.ReadFloats(file["pool1"], got);
        long[] index = odd["pool1.index"].As<long>();
        float[] value = odd["pool1.value"].As<float>();
        double largest = odd["pool1.stats"].As<double>()[2];
        const int row = 64 * 20 * 15;
        Assert.All(Enumerable.Range(0, index.Length), i => Assert.True(Math.Abs(got[index[i]] - value[i]) <= 2e-5 * largest && got[(2 * row) + index[i]] == got[index[i]]));
        Assert.Equal(1, CommandRun.Of("classify", one, "--weights", Chainer, "--oversample").Code);
    }

    [Fact]
    public void A_profile_lists_the_layers_beside_the_answer()
    {
        using var folder = new TemporaryFolder();
        string rocket = Path.Combine(Photos, "rocket.jpg"), trace = folder.File("trace.json"), features = folder.File("f.npz");
        JsonElement profile = CommandRun.Json("classify", rocket, "--weights", Chainer, "--threads", "2", "--profile", "--trace", trace, "--json").GetProperty("profile");
        JsonElement[] layers = [.. profile.GetProperty("layers").EnumerateArray()];
        Assert.Equal(53, layers.Count(layer => layer.GetProperty("algorithm").GetString()!.StartsWith("convolution, ", StringComparison.Ordinal)));
        Assert.All(layers, layer => Assert.Equal(["layer", "algorithm", "output", "ms", "gflops", "of_peak", "bytes", "weight_bytes", "workspace_bytes"], layer.EnumerateObject().Select(item => item.Name)));
        Assert.Equal(profile.GetProperty("weight_bytes").GetInt64(), layers.Sum(layer => layer.GetProperty("weight_bytes").GetInt64()));
        Assert.True(profile.GetProperty("peak_gflops").GetDouble() > 0);
        using JsonDocument events = JsonDocument.Parse(File.ReadAllText(trace));
        Assert.Equal(layers.Length, events.RootElement.GetProperty("traceEvents").EnumerateArray().Count(item => item.GetProperty("ph").GetString() == "X" && item.GetProperty("tid").GetInt32() == 0));

        CommandRun run = CommandRun.Of("extract", rocket, "--weights", Chainer, "--layers", "pool1", "--profile", "--output", features);
        Assert.Equal(0, run.Code);
        Assert.Contains("max pooling", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 steps: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, CommandRun.Of("classify", rocket, "--weights", Chainer, "--profile", "--oversample").Code);
        Assert.Equal(2, CommandRun.Of("bench", "profile", "resnet51").Code);
    }

    [Fact]
    public void An_unknown_layer_is_one_line_with_the_names()
    {
        CommandRun run = CommandRun.Of("extract", Photos, "--weights", Chainer, "--layers", "pool6", "--output", "never.npz");
        Assert.Equal(1, run.Code);
        run.AssertOneLine();
        Assert.Contains("there is no 'pool6', perhaps 'pool1'; there are conv1, pool1, res2", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("never.npz"));
    }

    [Fact]
    public void The_wrong_models_file_is_one_line()
    {
        CommandRun run = CommandRun.Of("classify", Photos, "--model", "vgg16", "--weights", Keras);
        Assert.Equal(1, run.Code);
        Assert.Contains("it looks like resnet50 (keras)", run.Error, StringComparison.Ordinal);
        run.AssertOneLine();
        Assert.Equal(2, CommandRun.Of("classify", Photos, "--downsample-fb", "--weights", Keras).Code);
        Assert.Equal(2, CommandRun.Of("classify", Photos, "--stem", "valid", "--weights", Chainer).Code);
    }

    [GoldenFact("weights/tfkeras_resnet50_notop_seed1.h5.gz")]
    public void Without_top_there_are_features_but_no_classes()
    {
        using var folder = new TemporaryFolder();
        string weights = Goldens.PathOf("weights/tfkeras_resnet50_notop_seed1.h5.gz"), coffee = Path.Combine(Photos, "coffee.png"), output = folder.File("f.npz");
        CommandRun run = CommandRun.Of("classify", coffee, "--weights", weights);
        Assert.Equal(1, run.Code);
        Assert.Contains("without its top", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("extract", coffee, "--weights", weights, "--output", output).Code);
        using ArrayFile file = ArrayFile.Open(output);
        Assert.Equal([1, 2048, 7, 7], file["conv5_block3_out"].Shape);
        run = CommandRun.Of("extract", coffee, "--weights", weights, "--layers", "predictions", "--output", output);
        Assert.Equal(1, run.Code);
        Assert.Contains("there is no 'predictions'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_tells_what_a_file_is()
    {
        JsonElement keras = CommandRun.Json("inspect", Keras, "--json");
        Assert.Equal(["file", "kind", "framework", "model", "origin", "arrays", "attributes"], keras.EnumerateObject().Select(item => item.Name));
        Assert.Equal(("hdf5", "keras", "resnet50", "keras"), (Text("kind"), Text("framework"), Text("model"), Text("origin")));
        Assert.Equal(320, keras.GetProperty("arrays").GetArrayLength());
        JsonElement array = keras.GetProperty("arrays")[0];
        Assert.Equal(["name", "dtype", "shape", "storage", "bytes"], array.EnumerateObject().Select(item => item.Name));
        Assert.Equal("predictions", keras.GetProperty("attributes").GetProperty("/").GetProperty("layer_names")[176].GetString());
        Assert.Contains("npz, resnet50 (chainer); 321 arrays", CommandRun.Of("inspect", Chainer).Output, StringComparison.Ordinal);

        string? Text(string name) => keras.GetProperty(name).GetString();
    }

    [Fact]
    public void Inspect_read_names_what_it_refuses_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("torn.npz");
        byte[] bytes = File.ReadAllBytes(Chainer);
        bytes[bytes.AsSpan().IndexOf("res3/a/conv1/W.npy"u8) + 1000] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(0, CommandRun.Of("inspect", path).Code);
        CommandRun run = CommandRun.Of("inspect", path, "--read", "--json");
        Assert.Equal(1, run.Code);
        Assert.Equal(321, JsonDocument.Parse(run.Output).RootElement.GetProperty("arrays").GetArrayLength());
        run.AssertOneLine();
        Assert.Contains("refused res3/a/conv1/W", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("inspect", Chainer, "--read").Code);
    }
}
