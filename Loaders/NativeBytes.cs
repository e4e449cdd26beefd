using System.Runtime.InteropServices;

namespace NativeFree.Loaders;

/// <summary>Memory outside the managed heap, of any length, freed with the handle; for what is unpacked from files, which may pass the 2
/// GiB of an array and grows without copying.</summary>
internal sealed unsafe class NativeBytes : SafeHandle
{
    [ThreadStatic]
    private static long held, peak;

    public NativeBytes(long length)
        : base(0, ownsHandle: true) => Resize(length);

    public override bool IsInvalid => handle == 0;

    public byte* Start => (byte*)handle;

    public long Length { get; private set; }

    /// <summary>The most bytes that were held at a time since <see cref="ForgetPeak"/>, by this thread; tests and the fuzzer hold it
    /// against the size of the input.</summary>
    public static long PeakOfCurrentThread => peak;

    public static void ForgetPeak() => peak = held;

    /// <summary>Grows or shrinks to <paramref name="length"/> bytes and keeps the contents; new bytes are not cleared.</summary>
    public void Resize(long length)
    {
        SetHandle((nint)NativeMemory.Realloc((void*)handle, (nuint)Math.Max(1, length)));
        Count(length);
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        Count(0);
        return true;
    }

    private void Count(long length)
    {
        held += length - Length;
        peak = Math.Max(peak, held);
        Length = length;
    }
}
