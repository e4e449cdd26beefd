using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu.Emulation;

namespace NativeFree.Tests.Gpu;

/// <summary>What kernels are tested on: the emulator, the emulator with races checked and everything in another order, and every OpenCL device of the machine.</summary>
public static class GpuTargets
{
    public const string Emulator = "emulator";
    public const string Checked = "emulator, checked, shuffled";

    public static TheoryData<string> All => [Emulator, Checked, .. CLDevice.All.Where(static device => device.Refusal is null).Select(static (_, i) => $"opencl:{i}")];

    public static Accelerator Open(string target)
    {
        if (target == Emulator)
            return new CPUDevice().CreateAccelerator(new EmulatorOptions { Threads = 2 });
        if (target == Checked)
            return new CPUDevice().CreateAccelerator(new EmulatorOptions { Checked = true, Order = 12345 });
        using Context context = Context.Create(static builder => builder.OpenCL().Profiling());
        return context.Devices[int.Parse(target["opencl:".Length..])].CreateAccelerator(context);
    }

    /// <summary>Uploads inputs, runs, and gives the output back.</summary>
    public static float[] Run(string target, int outputs, float[] input, Action<AcceleratorStream, ArrayView<float>, ArrayView<float>> launch)
    {
        using Accelerator accelerator = Open(target);
        using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D(input);
        using MemoryBuffer1D<float, Stride1D.Dense> y = accelerator.Allocate1D<float>(outputs);
        launch(accelerator.DefaultStream, x.View, y.View);
        float[] result = new float[outputs];
        y.View.CopyToCPU(accelerator.DefaultStream, result);
        return result;
    }
}
