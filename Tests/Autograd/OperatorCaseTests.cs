using NativeFree.Autograd;
using NativeFree.Kernels;
using Xunit.Abstractions;

namespace NativeFree.Tests.Operators;

/// <summary>Every stored operator case, one test a file, against the results of other programs with the tolerance that the case states.</summary>
public sealed class OperatorCaseTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. Goldens.Files("ops", "*.npz")];

    [GoldenTheory("ops")]
    [MemberData(nameof(Files))]
    public void A_case_passes(string file)
    {
        CaseResult result = OperatorCaseFile.Load(Goldens.PathOf(file)).Run(CpuDevice.Default);
        output.WriteLine($"{CpuDevice.Default.Name}: {result.Op} {result.Attributes}");
        foreach (ArrayError array in result.Arrays)
            output.WriteLine($"  {array.Array}: error {array.Error:g2}, tolerance {array.Tolerance:g2}");
        Assert.True(result.Passed, $"{file}: {result.Failure ?? $"{result.Worst}"}");
    }
}
