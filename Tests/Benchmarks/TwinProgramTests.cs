using NativeFree.Benchmarks;

namespace NativeFree.Tests.Benchmarks;

public class TwinProgramTests
{
    private const string Output = """
        FMA peak 422 GFLOP/s, 2 threads

        resnet50    3 ->   64 7x7 /2 @224  x1  direct   0.732 ms  322
        resnet50   64 ->   64 3x3 /1 @ 56  x3  direct   0.900 ms  256  F4   0.394 ms  587 (7e-06)  F6   0.390 ms  593 (9e-06)
        resnet50: all convolutions 21.8 ms, 8.17 GFLOP, 375 GFLOP/s = 0.89 of the FMA peak
        filter gradient   64 ->   64 1x1 @56 batch 8    0.50 ms  205 GFLOP/s = 0.49 of peak
        """;

    [Fact]
    public void The_best_of_several_runs_stands_beside_the_row_of_the_same_shape()
    {
        var twin = new TwinProgram("engine", 2);
        twin.Read(Output);
        twin.Read(Output.Replace("0.900", "0.800", StringComparison.Ordinal));
        var row = new BenchmarkRow("resnet50 conv 64-64 3x3/1 @56", "winograd 4×4", 2.3e8, new Timing(0.5, 0.4, 0.7, 9), new Dictionary<string, Timing> { ["direct"] = new(1.1, 1.0, 1.3, 9) });
        BenchmarkReport report = twin.Beside(new BenchmarkReport("conv", "", default, new Machine("", 1, 2, 512, "", "", "", 0), 400, [], [row, row with { Work = "resnet50 conv 1-1 1x1/1 @1" }], []));
        Assert.Equal(0.8, report.Rows[0].Peers["twin"].Median);
        Assert.DoesNotContain("twin", report.Rows[1].Peers.Keys);
        Assert.Contains("its own FMA peak 422 GFLOP/s", report.Peers[0], StringComparison.Ordinal);
        Assert.Contains("over 1 shapes: 0.80", report.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_shape_that_the_twin_prints_is_one_of_ours()
    {
        Assert.Contains(ConvolutionLayer.ResNet50, layer => layer.Name == "resnet50 conv 3-64 7x7/2 @224");
        Assert.Equal(53, ConvolutionLayer.ResNet50.Sum(layer => layer.Count));
        Assert.Equal(13, ConvolutionLayer.Vgg16.Sum(layer => layer.Count));
        // 4.09 and 15.35 billion multiply-adds: He et al. 2015 and the sum of VGG16's table.
        Assert.Equal(8.17e9, ConvolutionLayer.ResNet50.Sum(layer => layer.Count * layer.Geometry(1).Flops), 1e7);
        Assert.Equal(30.69e9, ConvolutionLayer.Vgg16.Sum(layer => layer.Count * layer.Geometry(1).Flops), 1e7);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        BenchmarkException error = Assert.Throws<BenchmarkException>(() => new TwinProgram("/nowhere/engine", 2).Run(CancellationToken.None));
        Assert.StartsWith("--twin: a program is expected; /nowhere/engine does not start", error.Message, StringComparison.Ordinal);
    }
}
