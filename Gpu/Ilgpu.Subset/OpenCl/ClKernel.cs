using NativeFree.Gpu;

namespace ILGPU.Runtime.OpenCL;

/// <summary>A kernel compiled for one device.</summary>
internal sealed unsafe class ClKernel : IDisposable
{
    private readonly DeviceKernel kernel;
    private readonly nint program;
    private readonly nint handle;

    // Arguments belong to the kernel object: one thread at a time sets them and queues the launch.
    private readonly Lock setting = new();

    public ClKernel(CLAccelerator accelerator, DeviceKernel kernel)
    {
        this.kernel = kernel;
        if (kernel.Group.Size > accelerator.MaxNumThreadsPerGroup)
            throw new DeviceDriverException($"{kernel}: groups of {kernel.Group.Size} work-items are needed, {accelerator.Name} allows {accelerator.MaxNumThreadsPerGroup}.", 0);
        program = ClProgram.Build(accelerator, kernel);
        fixed (byte* name = System.Text.Encoding.ASCII.GetBytes(kernel.EntryPoint + "\0"))
        {
            int code;
            handle = Cl.CreateKernel(program, name, &code);
            Cl.Check(code, $"clCreateKernel {kernel.EntryPoint}");
        }
    }

    public void Launch<TFrame>(ClStream stream, Index3D grid, in TFrame frame)
        where TFrame : struct, IKernelFrame
    {
        Index3D group = kernel.Group;
        nuint* local = stackalloc nuint[] { (nuint)group.X, (nuint)group.Y, (nuint)group.Z };
        nuint* global = stackalloc nuint[] { (nuint)grid.X * (nuint)group.X, (nuint)grid.Y * (nuint)group.Y, (nuint)grid.Z * (nuint)group.Z };
        lock (setting)
        {
            frame.Bind(new Arguments(this, stream.Accelerator));
            Cl.Check(Cl.EnqueueNdRangeKernel(stream.Queue, handle, 3, null, global, local, 0, null, null), $"clEnqueueNDRangeKernel {kernel} over {grid} groups");
        }
        Cl.Check(Cl.Flush(stream.Queue), "clFlush");
    }

    public void Dispose()
    {
        Cl.ReleaseKernel(handle);
        Cl.ReleaseProgram(program);
    }

    private sealed class Arguments(ClKernel kernel, Accelerator accelerator) : IKernelArguments
    {
        private uint next;

        public void View<T>(in ArrayView<T> view)
            where T : unmanaged
        {
            if (view.Buffer is { } buffer && buffer.Owner != accelerator)
                throw new ArgumentException($"{kernel.kernel}: all views are of the stream's accelerator {accelerator.Name}; argument {next / 2} is of {buffer.Owner?.Name}; copy it.");
            nint memory = view.Buffer is ClMemory own ? own.Handle : 0;
            // In elements: the kernel adds it to a typed pointer.
            Set(memory);
            Set((long)view.Start / sizeof(T));
        }

        public void Value<T>(in T value)
            where T : unmanaged => Set(value);

        private void Set<T>(T value)
            where T : unmanaged => Cl.Check(Cl.SetKernelArg(kernel.handle, next++, (nuint)sizeof(T), &value), $"clSetKernelArg {next - 1} of {kernel.kernel}");
    }
}
