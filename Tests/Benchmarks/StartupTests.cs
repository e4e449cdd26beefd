using NativeFree.Benchmarks;

namespace NativeFree.Tests.Benchmarks;

public class StartupTests
{
    [Fact]
    public void The_parts_are_those_that_classify_reports() => Assert.Equal(
        (80.0, 310.0, 120.0),
        StartupBenchmark.Parts("reading\nresnet50 (keras) on CPU, 512-bit vectors, 2 threads: 0.08 s runtime start, 0.31 s load, 0.12 s first picture\n"));

    [Fact]
    public void Other_lines_have_no_parts() => Assert.Null(StartupBenchmark.Parts("nativefree: no.h5: --weights names a file; there is none at that path"));

    [Fact]
    public void A_program_that_does_not_classify_is_named()
    {
        var startup = new StartupOptions([Environment.ProcessPath!, "--no-such-option"], "weights.h5", "photo.jpg");
        BenchmarkException error = Assert.Throws<BenchmarkException>(() =>
        {
            string weights = Path.GetTempFileName();
            try
            {
                StartupBenchmark.Run(startup with { Weights = weights }, new BenchmarkOptions(), TextWriter.Null);
            }
            finally
            {
                File.Delete(weights);
            }
        });
        Assert.StartsWith("bench startup: classify prints a name, five classes and its timings; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        string weights = Path.GetTempFileName();
        try
        {
            BenchmarkException error = Assert.Throws<BenchmarkException>(() => StartupBenchmark.Run(new StartupOptions(["/nowhere/nativefree"], weights, "photo.jpg"), new BenchmarkOptions(), TextWriter.Null));
            Assert.StartsWith("bench startup: the program starts; /nowhere/nativefree ", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(weights);
        }
    }
}
