using NativeFree.Benchmarks;
using NativeFree.Kernels;

namespace NativeFree.Tests.Benchmarks;

public class PeerTests
{
    [Fact]
    public void A_missing_interpreter_costs_a_line_that_says_how_to_get_the_peer()
    {
        using PeerTeam team = PeerTeam.Start(new BenchmarkOptions { Python = "/nowhere/python", OnnxRuntime = "/nowhere" }, 1);
        Assert.Equal(2, team.Lines.Count);
        string torch = Assert.Single(team.Lines, line => line.StartsWith("PyTorch takes no part: ", StringComparison.Ordinal));
        Assert.Contains("/nowhere/python does not start", torch, StringComparison.Ordinal);
        Assert.Contains("--python", torch, StringComparison.Ordinal);
        Assert.Null(team.LoadTorch("product", _ => { }));
    }

    [Fact]
    public void Without_peers_nothing_is_started()
    {
        using PeerTeam team = PeerTeam.Start(new BenchmarkOptions { Peers = false }, 1);
        Assert.Empty(team.Lines);
    }

    [Fact]
    public void A_single_convolution_is_measured_and_checked_without_peers()
    {
        var progress = new StringWriter();
        BenchmarkReport report = ConvolutionBenchmark.Run(new BenchmarkOptions { Peers = false, Rounds = 1, Threads = 2, Only = "512-2048 1x1/1 @7" }, progress);
        BenchmarkRow row = Assert.Single(report.Rows);
        Assert.Equal("resnet50 conv 512-2048 1x1/1 @7", row.Work);
        Assert.Equal(2.0 * 49 * 512 * 2048, row.Flops);
        Assert.True(row.Ours.Min > 0 && row.Ours.Min <= row.Ours.Median && row.Ours.Median <= row.Ours.Max);
        Assert.True(report.PeakGflops > 0);
        Assert.StartsWith("resnet50 conv 512-2048 1x1/1 @7: ", progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_gradients_of_a_strided_convolution_pass_their_check()
    {
        BenchmarkReport report = ConvolutionBenchmark.RunGradients(new BenchmarkOptions { Peers = false, Rounds = 1, Only = "1024-2048 1x1/2 @14" }, TextWriter.Null);
        Assert.Equal(["resnet50 conv 1024-2048 1x1/2 @14 input gradient", "resnet50 conv 1024-2048 1x1/2 @14 filter gradient"], report.Rows.Select(row => row.Work));
    }

    [Fact]
    public void A_name_that_no_work_has_is_refused()
    {
        BenchmarkException error = Assert.Throws<BenchmarkException>(() => GemmBenchmark.Run(new BenchmarkOptions { Peers = false, Only = "nothing" }, TextWriter.Null));
        Assert.Contains("none contains 'nothing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_off_the_definition_stops_the_benchmark()
    {
        Agreement.Check("w", [1.00001f, -3], [0, 1], i => i == 0 ? 1 : -3);
        Assert.Throws<BenchmarkException>(() => Agreement.Check("w", [1.001f, -3], [0, 1], i => i == 0 ? 1 : -3));
        Assert.Throws<BenchmarkException>(() => Agreement.Check("w", [float.NaN, -3], [1], i => -3));
    }

    /// <summary>Where ONNX Runtime is installed it must give our numbers for a padded, strided convolution of odd sizes.</summary>
    [OnnxRuntimeFact]
    public void OnnxRuntime_computes_our_convolution()
    {
        using var run = new BenchmarkRun(new BenchmarkOptions { OnnxRuntime = OnnxRuntimeFactAttribute.Folder, Python = "/nowhere/python", Threads = 2 }, TextWriter.Null, CancellationToken.None);
        using var scope = new Scope();
        var g = ConvolutionGeometry.Create(new Shape(2, 11, 13, 5), new Shape(3, 5, 5, 7), (2, 1), new Padding(1, 2, 1, 2), (1, 1), 1);
        Tensor x = Values.Tensor(run.Device, g.InShape, 1), w = Values.Tensor(run.Device, g.FilterShape, 2), bias = Values.Tensor(run.Device, new Shape(7), 3);
        var y = new Tensor(run.Device, g.OutShape);
        run.Device.Convolution.Forward(g, x, w, y, new Epilogue(bias));
        int[] shape = [2, 5, 11, 13], result = [2, 7, g.OutHeight, g.OutWidth];
        var model = new OnnxModel();
        model.Output(model.Convolution(model.Input("x", shape), w.Span, g, bias.ToArray()), result);
        string path = Path.Combine(run.Folder, "model.onnx");
        model.Save(path);
        using PeerWork? work = run.Peers.LoadOnnx(path, [("x", shape, Values.Save(run.Folder, "x", x.ToNchw()))], result);
        Assert.NotNull(work);
        float[] ours = y.ToNchw();
        Agreement.Check(work, run, ours, "convolution");
        ours[^1] += 1;
        Assert.Throws<BenchmarkException>(() => Agreement.Check(work, run, ours, "convolution"));
    }
}

/// <summary>A fact that needs Node.js and onnxruntime-node; NATIVEFREE_ONNXRUNTIME names the folder that holds it, else it is a visible skip.</summary>
internal sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute()
    {
        if (Folder is null)
            Skip = "NATIVEFREE_ONNXRUNTIME does not name a folder with onnxruntime-node";
    }

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("NATIVEFREE_ONNXRUNTIME") is { Length: > 0 } folder ? folder : null;
}
