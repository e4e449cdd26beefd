using System.Collections.Concurrent;
using NativeFree.Gpu;

namespace ILGPU.Runtime.OpenCL;

/// <summary>An OpenCL device in use. Kernels are compiled at their first launch, once.</summary>
public sealed unsafe class CLAccelerator : Accelerator
{
    private readonly ConcurrentDictionary<DeviceKernel, Lazy<ClKernel>> kernels = new();
    private readonly ConcurrentBag<WeakReference<ClStream>> streams = [];
    private readonly bool profiling;
    private nint context;

    internal CLAccelerator(CLDevice device, bool profiling)
        : base(device)
    {
        this.profiling = profiling;
        nint id = device.DeviceId;
        nint* properties = stackalloc nint[] { 0x1084, device.PlatformId, 0 };
        int code;
        context = Cl.CreateContext(properties, 1, &id, 0, 0, &code);
        Cl.Check(code, "clCreateContext");
        DefaultStream = CreateStream();
    }

    /// <summary>Bytes that one buffer may have at most.</summary>
    public long LargestBuffer => ClDevice.LargestBuffer;

    internal CLDevice ClDevice => (CLDevice)Device;

    internal nint Context => context;

    /// <inheritdoc/>
    public override AcceleratorStream CreateStream()
    {
        ClStream stream = new(this, profiling);
        streams.Add(new WeakReference<ClStream>(stream));
        return stream;
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        foreach (WeakReference<ClStream> reference in streams)
        {
            if (reference.TryGetTarget(out ClStream? stream))
                stream.Synchronize();
        }
    }

    internal override MemoryBuffer Allocate(long bytes)
    {
        if (bytes > ClDevice.LargestBuffer)
            throw new OutOfMemoryException($"OpenCL: one buffer of {Name} holds at most {ClDevice.LargestBuffer} bytes; {bytes} were asked; use a smaller batch.");
        return new ClMemory(this, bytes);
    }

    internal override void Prepare(DeviceKernel kernel) => _ = Compiled(kernel);

    internal override void Launch<TFrame>(AcceleratorStream stream, DeviceKernel kernel, Index3D grid, in TFrame frame) => Compiled(kernel).Launch((ClStream)stream, grid, frame);

    private ClKernel Compiled(DeviceKernel kernel) => kernels.GetOrAdd(kernel, static (kernel, self) => new Lazy<ClKernel>(() => new ClKernel(self, kernel)), this).Value;

    private protected override void Dispose(bool disposing)
    {
        if (context == 0)
            return;
        foreach (WeakReference<ClStream> reference in streams)
        {
            if (reference.TryGetTarget(out ClStream? stream))
                stream.Dispose();
        }
        foreach (Lazy<ClKernel> kernel in kernels.Values)
        {
            if (kernel.IsValueCreated)
                kernel.Value.Dispose();
        }
        Cl.ReleaseContext(context);
        context = 0;
    }
}
