using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>The OpenCL host: errors carry the driver's words, times are the device's, binaries are kept, accelerators are not mixed.</summary>
public sealed class OpenClTests
{
    private static Accelerator Open(bool profiling = true)
    {
        using Context context = Context.Create(builder => _ = profiling ? builder.OpenCL().Profiling() : builder.OpenCL());
        return context.Devices[0].CreateAccelerator(context);
    }

    private static DeviceKernel Broken(string source) => new("Test.Broken", "Broken", new Index3D(4, 1, 1), 0, 0, [new("", 0, "")], source);

    [OpenClFact]
    public void A_kernel_that_does_not_compile_says_what_the_driver_said()
    {
        using Accelerator accelerator = Open();
        DeviceDriverException refused = Assert.Throws<DeviceDriverException>(() =>
            Broken("kernel void Broken(global float* y) { y[0] = undeclared_name; }").Launch(accelerator.DefaultStream, (1, 1, 1), default(Nothing)));
        Assert.StartsWith($"Test.Broken: {accelerator.Name} does not compile it (CL_BUILD_PROGRAM_FAILURE); the driver says:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("undeclared_name", refused.Message, StringComparison.Ordinal);
    }

    [OpenClFact]
    public void A_missing_entry_point_is_named()
    {
        using Accelerator accelerator = Open();
        DeviceDriverException refused = Assert.Throws<DeviceDriverException>(() => Broken("kernel void Other(global float* y) { y[0] = 1; }").Launch(accelerator.DefaultStream, (1, 1, 1), default(Nothing)));
        Assert.Equal("OpenCL: clCreateKernel Broken failed with CL_INVALID_KERNEL_NAME.", refused.Message);
    }

    private struct Nothing : IKernelFrame
    {
        public readonly void Bind(IKernelArguments arguments)
        {
        }

        public readonly int Step<TMonitor>(NativeFree.Gpu.Emulation.EmulatedGroup group)
            where TMonitor : struct, NativeFree.Gpu.Emulation.IMonitor => 0;
    }

    [OpenClFact]
    public void A_binary_is_kept_read_again_and_built_anew_where_it_is_damaged()
    {
        // Sources that no other run has.
        string mark = $"// {Guid.NewGuid()}\n", one = mark + "kernel void Put(global float* y, long first) { y[first] = 1; }", two = mark + "kernel void Put(global float* y, long first) { y[first] = 2; }";
        string file = Kept(one), other = Kept(two);
        try
        {
            Assert.Equal(1, Run(one));
            byte[] binary = File.ReadAllBytes(file);
            Assert.Equal(2, Run(two));
            // The binary of another program in its place shows that it is the file that runs.
            File.Copy(other, file, overwrite: true);
            Assert.Equal(2, Run(one));
            File.WriteAllBytes(file, [1, 2, 3]);
            Assert.Equal(1, Run(one));
            Assert.InRange(new FileInfo(file).Length, binary.Length / 2, binary.Length * 2);
        }
        finally
        {
            File.Delete(file);
            File.Delete(other);
        }

        static string Kept(string source)
        {
            using Accelerator accelerator = Open();
            string? file = ClProgram.CacheFile(((CLAccelerator)accelerator).ClDevice, source);
            Assert.NotNull(file);
            return file;
        }

        static float Run(string source)
        {
            using Accelerator accelerator = Open();
            using var y = accelerator.Allocate1D([0f]);
            new DeviceKernel("Test.Put", "Put", new Index3D(1, 1, 1), 0, 0, [new("", 0, "")], source).Launch(accelerator.DefaultStream, (1, 1, 1), new One(y.View));
            float[] got = new float[1];
            y.View.CopyToCPU(accelerator.DefaultStream, got);
            return got[0];
        }
    }

    private readonly struct One(ArrayView<float> y) : IKernelFrame
    {
        public readonly void Bind(IKernelArguments arguments) => arguments.View(y);

        public readonly int Step<TMonitor>(NativeFree.Gpu.Emulation.EmulatedGroup group)
            where TMonitor : struct, NativeFree.Gpu.Emulation.IMonitor => 0;
    }

    [OpenClFact]
    public void Views_of_another_accelerator_are_refused()
    {
        using Accelerator accelerator = Open();
        using CPUAccelerator emulator = new CPUDevice().CreateAccelerator(new NativeFree.Gpu.Emulation.EmulatorOptions());
        using var x = emulator.Allocate1D([1f]);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => FaultyLaunch.PastTheEnd(accelerator.DefaultStream, (1, 1, 1), x.View, x.View));
        Assert.Equal($"FaultyKernels.PastTheEnd: all views are of the stream's accelerator {accelerator.Name}; argument 0 is of Emulator; copy it.", refused.Message);
        Assert.Throws<ArgumentException>(() => x.View.CopyToCPU(accelerator.DefaultStream, new float[1]));
    }

    [OpenClFact]
    public void Marks_measure_the_time_between_them()
    {
        using Accelerator accelerator = Open();
        using var x = accelerator.Allocate1D<float>(1 << 20);
        AcceleratorStream stream = accelerator.DefaultStream;
        using ProfilingMarker start = stream.AddProfilingMarker();
        x.View.MemSetToZero(stream);
        using ProfilingMarker end = stream.AddProfilingMarker();
        TimeSpan measured = end.MeasureFrom(start);
        Assert.InRange(measured, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
    }

    [OpenClFact]
    public void Marks_need_a_profiling_context()
    {
        using Accelerator accelerator = Open(profiling: false);
        Assert.Equal(
            "AcceleratorStream.AddProfilingMarker: the context stamps times; it was made without Profiling(); add it.",
            Assert.Throws<InvalidOperationException>(() => accelerator.DefaultStream.AddProfilingMarker()).Message);
    }

    [OpenClFact]
    public void Copies_between_parts_of_buffers_and_streams()
    {
        using Accelerator accelerator = Open();
        using AcceleratorStream stream = accelerator.CreateStream();
        using var x = accelerator.Allocate1D([1f, 2, 3, 4, 5]);
        using var y = accelerator.Allocate1D<float>(7);
        y.View.MemSet(stream, 0);
        x.View.SubView(1, 3).CopyTo(stream, y.View.SubView(2));
        accelerator.Synchronize();
        float[] back = new float[7];
        y.View.CopyToCPU(stream, back);
        Assert.Equal([0, 0, 2, 3, 4, 0, 0], back);
        Assert.Throws<ArgumentException>(() => x.View.CopyFromCPU(stream, new float[6]));
    }

    [OpenClFact]
    public void A_buffer_beyond_the_device_is_an_error_that_names_bytes()
    {
        using Accelerator accelerator = Open();
        OutOfMemoryException refused = Assert.Throws<OutOfMemoryException>(() => accelerator.Allocate1D<float>(1L << 50));
        Assert.Contains((1L << 52).ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [OpenClFact]
    public void Disposed_memory_is_refused()
    {
        using Accelerator accelerator = Open();
        var x = accelerator.Allocate1D([1f]);
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.View.CopyToCPU(accelerator.DefaultStream, new float[1]));
    }
}
