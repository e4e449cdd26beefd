namespace ILGPU.Runtime;

/// <summary>A run of elements in an accelerator's memory.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TStride"><see cref="Stride1D.Dense"/>.</typeparam>
public sealed class MemoryBuffer1D<T, TStride> : IDisposable
    where T : unmanaged
    where TStride : struct
{
    private readonly MemoryBuffer memory;

    internal MemoryBuffer1D(MemoryBuffer memory, nint start, long length)
    {
        this.memory = memory;
        View = new ArrayView<T>(memory, start, length);
    }

    /// <summary>All of it.</summary>
    public ArrayView<T> View { get; }

    /// <summary>Elements.</summary>
    public long Length => View.Length;

    /// <summary>Bytes.</summary>
    public long LengthInBytes => memory.LengthInBytes;

    /// <summary>Gives the memory back. Work on it must be done: synchronise its streams first.</summary>
    public void Dispose() => memory.Dispose();
}
