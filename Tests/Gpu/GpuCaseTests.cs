using NativeFree.Autograd;

namespace NativeFree.Tests.Gpu;

/// <summary>Every stored operator case on the device kernels, forwards and backwards: on the emulator with races checked and every order shuffled, and on OpenCL.</summary>
public sealed class GpuCaseTests
{
    public static TheoryData<string> Files => [.. Goldens.Files("ops", "*.npz")];

#if !ILGPU
    [GoldenTheory("ops")]
    [MemberData(nameof(Files))]
    public void A_case_passes_on_the_checked_emulator(string file) => Passes(file, GpuTestDevices.CheckedEmulator);
#endif

    [OpenClGoldenTheory("ops")]
    [MemberData(nameof(Files))]
    public void A_case_passes_on_OpenCL(string file)
    {
        foreach (NativeFree.Kernels.GpuDevice device in GpuTestDevices.OpenCl)
            Passes(file, device);
    }

    private static void Passes(string file, NativeFree.Kernels.GpuDevice device)
    {
        CaseResult result = OperatorCaseFile.Load(Goldens.PathOf(file)).Run(device);
        Assert.True(result.Passed, $"{file} on {device}: {result.Failure ?? $"{result.Worst}"}");
    }
}
