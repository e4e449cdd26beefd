using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>
/// Asks Linux to back large blocks with 2 MiB pages: filters that stream through once a picture then miss the address translation 512 times less, and a fresh block costs one fault where it cost 512.
/// Elsewhere, and where the system refuses, blocks stay as they are; no result depends on it.
/// </summary>
internal static partial class HugePages
{
    /// <summary>Bytes of one page, and the alignment of blocks that are to have them.</summary>
    public const int Size = 2 << 20;

    private const int Advice = 14; // MADV_HUGEPAGE, linux/mman.h

    private static bool available = OperatingSystem.IsLinux();

    /// <summary>Whether a block of so many bytes is worth the alignment.</summary>
    public static bool Pays(long bytes) => available && bytes >= 2 * Size;

    /// <summary>Gives the advice for a fresh block aligned to <see cref="Size"/>.</summary>
    public static void Advise(nint address, long bytes)
    {
        try
        {
            // A kernel without huge pages answers with an error: nothing changes.
            _ = MemoryAdvice(address, (nint)bytes, Advice);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            available = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvice(nint address, nint length, int advice);
}
