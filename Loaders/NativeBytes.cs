using System.Runtime.InteropServices;

namespace NativeFree.Loaders;

/// <summary>Memory outside the managed heap, of any length, freed with the handle; for unpacked files, which may pass the 2 GiB of an array and need to grow without copying.</summary>
internal sealed unsafe class NativeBytes : SafeHandle
{
    [ThreadStatic]
    private static long allocated;

    public NativeBytes(long length)
        : base(0, ownsHandle: true) => Resize(length);

    public override bool IsInvalid => handle == 0;

    public byte* Start => (byte*)handle;

    public long Length { get; private set; }

    /// <summary>Bytes ever asked for by this thread, the counterpart of <see cref="GC.GetAllocatedBytesForCurrentThread"/>; tests and the fuzzer hold it against the size of the input.</summary>
    public static long AllocatedByCurrentThread => allocated;

    /// <summary>Grows or shrinks to <paramref name="length"/> bytes and keeps the contents; new bytes are not cleared.</summary>
    public void Resize(long length)
    {
        allocated += Math.Max(0, length - Length);
        SetHandle((nint)NativeMemory.Realloc((void*)handle, (nuint)Math.Max(1, length)));
        Length = length;
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
