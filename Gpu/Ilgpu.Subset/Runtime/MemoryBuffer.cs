namespace ILGPU.Runtime;

/// <summary>Memory of an accelerator. Its contents are arbitrary at first.</summary>
public abstract class MemoryBuffer : IDisposable
{
    private protected MemoryBuffer(Accelerator? accelerator, long lengthInBytes)
    {
        Owner = accelerator;
        LengthInBytes = lengthInBytes;
    }

    /// <summary>Bytes in the buffer.</summary>
    public long LengthInBytes { get; }

    // Null for the memory of an emulated group, which no host code reaches.
    internal Accelerator? Owner { get; }

    // Who read and wrote each word last, where the emulator checks that.
    internal NativeFree.Gpu.Emulation.AccessRecord? Accesses { get; set; }

    /// <summary>Gives the memory back. Work on it must be done: synchronise its streams first.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract void Dispose(bool disposing);
}
