namespace NativeFree.Kernels;

/// <summary>Working memory of one kernel call, out of the device's pool.</summary>
internal readonly unsafe struct ScratchFloats(BufferPool pool, long count) : IDisposable
{
    private readonly DeviceBuffer buffer = pool.Rent(count);

    public float* Pointer => (float*)buffer.Address;

    public void Dispose() => buffer.Release();
}
