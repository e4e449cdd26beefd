namespace ILGPU.Runtime.OpenCL;

/// <summary>A buffer of an OpenCL device.</summary>
internal sealed unsafe class ClMemory : MemoryBuffer
{
    public ClMemory(CLAccelerator accelerator, long bytes)
        : base(accelerator, bytes)
    {
        const ulong readWrite = 1;
        int code;
        // OpenCL has no empty buffers; one of a word stands in.
        Handle = Cl.CreateBuffer(accelerator.Context, readWrite, (nuint)Math.Max(bytes, sizeof(float)), null, &code);
        if (code is ClError.MemObjectAllocationFailure or ClError.OutOfResources or ClError.OutOfHostMemory or ClError.InvalidBufferSize)
            throw new OutOfMemoryException($"OpenCL: {accelerator.Name} gives no {bytes} bytes ({ClError.Name(code)}; it has {accelerator.MemorySize}); use a smaller batch.");
        Cl.Check(code, "clCreateBuffer");
    }

    ~ClMemory() => Dispose(false);

    public nint Handle { get; private set; }

    private protected override void Dispose(bool disposing)
    {
        if (Handle == 0)
            return;
        Cl.ReleaseMemObject(Handle);
        Handle = 0;
    }
}
