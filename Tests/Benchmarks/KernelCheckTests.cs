using NativeFree.Benchmarks;
using NativeFree.Kernels;
using NativeFree.Tests.Gpu;

namespace NativeFree.Tests.Benchmarks;

/// <summary>What <c>bench kernel</c> times is compared with its definition before: every variant's right result passes, wrong and missing ones are refused.</summary>
public sealed class KernelCheckTests
{
    // A part in a thousand: fifty times what is allowed, and less than any wrong index makes.
    private const float Error = 1.001f;

    public static TheoryData<string> Works => [.. GpuWork.All.Select(static work => work.Name)];

    [OpenClTheory, MemberData(nameof(Works))]
    public void Every_variant_computes_its_definition_and_a_thousandth_more_is_refused(string name)
    {
        GpuWork work = GpuWork.All.Single(work => work.Name == name);
        using GpuDevice device = GpuTimer.Open(KernelBenchmark.DefaultDevice);
        foreach (KernelVariant? variant in work.Variants.Count == 0 ? [null] : work.Variants.Select(static variant => (KernelVariant?)variant).Where(variant => GpuTimer.Suits(device, variant!.Value)))
        {
            using Scope scope = new();
            device.Choices.Only = variant;
            GpuTask task = work.Make(device);
            task.Check(name);
            Assert.All(task.Results, result =>
            {
                GpuTask wrong = new(() => device.Elementwise.Scale(Error, result.Tensor, result.Tensor), result with { IsChangedInPlace = true });
                BenchmarkException error = Assert.Throws<BenchmarkException>(() => wrong.Check(name));
                Assert.StartsWith($"{name}: our result is the definition's; ", error.Message, StringComparison.Ordinal);
            });
            Assert.Throws<BenchmarkException>(() => (task with { Run = static () => { } }).Check(name));
        }
    }

    [Theory, InlineData(0, 2f), InlineData(776, float.NaN), InlineData(5, float.PositiveInfinity)]
    public void A_wrong_result_is_not_timed(int place, float value)
    {
        int runs = 0;
        GpuWork work = new("doubled 777", 0, 1, [], static _ => ["ElementwiseKernels.Scale"], device =>
        {
            Tensor x = Tensor.Filled(device, new Shape(777), 0.5f), y = new(device, x.Shape);
            return new(
                () =>
                {
                    runs++;
                    float[] doubled = [.. x.ToArray().Select(static value => 2 * value)];
                    doubled[place] = value;
                    y.CopyFrom(doubled);
                },
                new DueResult(y, static _ => 1));
        });
        using StringWriter output = new();
        BenchmarkException error = Assert.Throws<BenchmarkException>(() => KernelBenchmark.Time([work], new KernelQuestion("doubled", "emulator", false, false, 1), output));
        Assert.StartsWith("doubled 777: our result is the definition's; ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; run the tests.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the only one", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    /// <summary>A theory that needs an OpenCL driver; without one it is skipped, and says so.</summary>
    private sealed class OpenClTheoryAttribute : TheoryAttribute
    {
        public OpenClTheoryAttribute() => Skip = Drivers.Absence;
    }
}
