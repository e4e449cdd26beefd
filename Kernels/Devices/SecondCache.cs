using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>
/// How large a core's second cache is: what a block of work may take of it depends on it, the numbers computed do not. Asked of the processor itself, since a container often hides what the system tells.
/// </summary>
internal static class SecondCache
{
    // Where the processor does not say: a quarter or less of it still fits the smaller current server cores.
    private const int Usual = 1 << 20;

    // Beyond this a virtual machine tells of a cache that it does not have alone.
    private const int Most = 4 << 20;

    // CPUID's list of caches, one a subleaf: Intel's leaf 4 (SDM volume 2A), AMD's 0x8000001D (APM volume 3, appendix E.4.15), with the same fields.
    private const int IntelLeaf = 4;
    private const int AmdLeaf = unchecked((int)0x8000001D);
    private const int MostCaches = 8;

    /// <summary>Bytes, from half a MiB to 4 MiB.</summary>
    public static int Bytes { get; } = Math.Clamp(Read(), Usual / 2, Most);

    private static int Read()
    {
        if (!X86Base.IsSupported)
            return Usual;
        if (X86Base.CpuId(0, 0).Eax >= IntelLeaf && Of(IntelLeaf) is > 0 and var intel)
            return intel;
        bool tells = unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) >= unchecked((uint)AmdLeaf);
        return tells && Of(AmdLeaf) is > 0 and var amd ? amd : Usual;
    }

    // EAX: type in bits 0–4 (0: no more; 2: instructions), level in 5–7. EBX: line, partitions, ways, each less one; ECX: sets less one.
    private static int Of(int leaf)
    {
        for (int i = 0; i < MostCaches; i++)
        {
            (int eax, int ebx, int ecx, _) = X86Base.CpuId(leaf, i);
            if ((eax & 31) == 0)
                break;
            if (((eax >> 5) & 7) == 2 && (eax & 31) != 2)
            {
                long bytes = (((uint)ebx >> 22) + 1L) * (((ebx >> 12) & 1023) + 1L) * ((ebx & 4095) + 1L) * ((uint)ecx + 1L);
                return (int)Math.Min(bytes, Most);
            }
        }
        return 0;
    }
}
