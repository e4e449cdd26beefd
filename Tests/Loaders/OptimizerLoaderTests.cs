using NativeFree.Autograd;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>A trainer's snapshot with Adam's state: weights to the model, moments in the model's layout to the optimizer, all or
/// nothing.</summary>
[Collection("whole networks")]
public sealed class OptimizerLoaderTests
{
    private const string Root = "updater/optimizer:main/predictor/";
    private static readonly string[] Updated = ["conv2_reduce/b", "inc4a/conv3/W", "loss1_fc1/W"];

    [Fact]
    public void Moments_come_in_the_models_layout()
    {
        using var folder = new TemporaryFolder();
        string path = Snapshot(folder, _ => true);
        Model model = ModelLoader.Load(path);
        var adam = new Adam(model.NamedParameters().Select(item => item.Parameter), LearningRate.Constant(1e-3));
        LoadReport report = adam.LoadState(model, path);
        Assert.True(report.IsComplete);
        Assert.Equal(128 + (2 * Updated.Length), report.Loaded.Count);
        Assert.Equal(23, adam.Steps);
        Dictionary<string, Parameter> parameters = model.NamedParameters().ToDictionary(item => item.Path, item => item.Parameter);
        Assert.Equal((0, 0), (adam.StateOf(parameters["conv1/W"]).Steps, adam.StateOf(parameters["conv1/W"]).Tensors.Count));
        (long steps, IReadOnlyList<NativeFree.Kernels.Tensor> filter) = adam.StateOf(parameters["inc4a/conv3/W"]);
        Assert.Equal((19, 2), (steps, filter.Count));
        // m counts elements in the file's order, (O, I, R, S) and (out, C·H·W); v is the same plus a half.
        float[] m = filter[0].ToArray(), v = filter[1].ToArray();
        Assert.Equal((((((5 * 96) + 4) * 3) + 2) * 3) + 1, m[((((2 * 3) + 1) * 96) + 4) * 208 + 5]);
        Assert.All(m.Zip(v), pair => Assert.Equal(pair.First + 0.5f, pair.Second));
        float[] dense = adam.StateOf(parameters["loss1_fc1/W"]).Tensors[0].ToArray();
        Assert.Equal((9 * 2048) + (((7 * 4) + 2) * 4) + 3, dense[((((2 * 4) + 3) * 128) + 7) * 1024 + 9]);
    }

    [Fact]
    public void Another_rule_or_half_a_state_is_refused_and_nothing_is_restored()
    {
        using var folder = new TemporaryFolder();
        string path = Snapshot(folder, name => name != Root + "inc4a/conv3/W/v");
        Model model = ModelLoader.Load(path);
        Parameter[] parameters = [.. model.NamedParameters().Select(item => item.Parameter)];
        var adam = new Adam(parameters, LearningRate.Constant(1e-3));
        LoadReport report = Assert.Throws<WeightException>(() => adam.LoadState(model, path)).Report!;
        Assert.Equal(["inc4a/conv3/W/v"], report.Missing);
        Assert.All(parameters, parameter => Assert.Equal(0, adam.StateOf(parameter).Steps));
        Assert.Equal(0, adam.Steps);

        WeightException other = Assert.Throws<WeightException>(() => new MomentumSgd(parameters, LearningRate.Constant(0.1))
            .LoadState(model, path));
        Assert.Contains("of the optimizer's rule (v)", other.Message, StringComparison.Ordinal);
        Assert.Contains(Root + "conv2_reduce/b/m", other.Report!.Unused);
    }

    [Fact]
    public void A_file_of_weights_alone_is_no_snapshot()
    {
        using var folder = new TemporaryFolder();
        var model = new GoogLeNet();
        string path = SyntheticWeights.WriteNpz(folder, SyntheticWeights.Chainer(model, "predictor/"));
        var adam = new Adam(model.NamedParameters().Select(item => item.Parameter), LearningRate.Constant(1e-3));
        Assert.Contains("comes from a trainer's snapshot, with the model below updater/model:main/; here it is below 'predictor/'",
            Assert.Throws<WeightException>(() => adam.LoadState(model, path)).Message, StringComparison.Ordinal);
    }

    private static string Snapshot(TemporaryFolder folder, Func<string, bool> keep)
    {
        var model = new GoogLeNet();
        List<NamedArray> arrays = SyntheticWeights.Chainer(model, "updater/model:main/predictor/");
        foreach (NamedArray array in arrays.ToArray())
        {
            string path = array.Name["updater/model:main/predictor/".Length..];
            bool updated = Updated.Contains(path);
            arrays.Add(Number($"{Root}{path}/t", updated ? 19 : 0));
            if (updated)
            {
                arrays.Add(Counting($"{Root}{path}/m", array.Shape, 0));
                arrays.Add(Counting($"{Root}{path}/v", array.Shape, 0.5f));
            }
        }
        arrays.Add(Number("updater/optimizer:main/t", 23));
        arrays.Add(Number("updater/optimizer:main/epoch", 2));
        arrays.Add(Number("updater/iteration", 23));
        return SyntheticWeights.WriteNpz(folder, arrays.Where(array => keep(array.Name)));
    }

    private static NamedArray Number(string name, long value) => NamedArray.Of<long>(name, [], new[] { value });

    private static NamedArray Counting(string name, IReadOnlyList<long> shape, float offset) =>
        NamedArray.OfPieces(name, shape, (start, piece) =>
    {
        for (int i = 0; i < piece.Length; i++)
            piece[i] = start + i + offset;
    });
}
