using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu;

// Every OpenCL device of the machine, then the emulator, which is always there; the first one is taken.
using Context context = Context.Create(static builder => builder.OpenCL().CPU());
using Accelerator accelerator = context.Devices[0].CreateAccelerator(context);
const int count = 1_000_003;
float[] x = [.. Enumerable.Range(0, count).Select(static i => MathF.Sin(i))], y = new float[count], got = new float[count];
using MemoryBuffer1D<float, Stride1D.Dense> dx = accelerator.Allocate1D(x), dy = accelerator.Allocate1D(y);

void Launch() => SaxpyLaunch.Add(accelerator.DefaultStream, new Index3D((count + 255) / 256, 1, 1), 2.5f, dx.View, dy.View, count);

Launch();
dy.View.CopyToCPU(accelerator.DefaultStream, got);
int wrong = Enumerable.Range(0, count).Count(i => !(MathF.Abs(got[i] - (2.5f * x[i])) <= 1e-6f));
long start = Stopwatch.GetTimestamp();
for (int i = 0; i < 10; i++)
    Launch();
accelerator.Synchronize();
double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds / 10;
Console.WriteLine($"{accelerator.Name}: {(wrong == 0 ? "all" : $"{wrong} of")} {count} values {(wrong == 0 ? "right" : "wrong")}; {ms:F3} ms, {12.0 * count / ms * 1e-6:F1} GB/s");
return wrong;

/// <summary>The kernel. The compiler makes SaxpyLaunch.Add of it; show its OpenCL C with SaxpyLaunch.AddProgram.Source.</summary>
internal static class SaxpyKernels
{
    // y += a·x: groups of 256 work-items, one element each; the last group has items to spare.
    [Kernel(256)]
    internal static void Add(float a, ArrayView<float> x, ArrayView<float> y, int count)
    {
        int i = (Grid.IdxX * 256) + Group.IdxX;
        if (i < count)
            y[i] += a * x[i];
    }
}
