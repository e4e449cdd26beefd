using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>How large the processor says its caches are. Asked of the processor itself, since a container often hides what the system tells.</summary>
internal static class ProcessorCache
{
    // CPUID's list of caches, one a subleaf: Intel's leaf 4 (SDM volume 2A), AMD's 0x8000001D (APM volume 3, appendix E.4.15), with the same fields.
    private const int IntelLeaf = 4;
    private const int AmdLeaf = unchecked((int)0x8000001D);
    private const int MostCaches = 8;

    /// <summary>Bytes of the cache for data of a level, counted from 1; 0 where the processor does not say.</summary>
    public static long Bytes(int level)
    {
        if (!X86Base.IsSupported)
            return 0;
        if (X86Base.CpuId(0, 0).Eax >= IntelLeaf && Of(IntelLeaf, level) is > 0 and var intel)
            return intel;
        bool tells = unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) >= unchecked((uint)AmdLeaf);
        return tells ? Of(AmdLeaf, level) : 0;
    }

    // EAX: type in bits 0–4 (0: no more; 2: instructions), level in 5–7. EBX: line, partitions, ways, each less one; ECX: sets less one.
    private static long Of(int leaf, int level)
    {
        for (int i = 0; i < MostCaches; i++)
        {
            (int eax, int ebx, int ecx, _) = X86Base.CpuId(leaf, i);
            if ((eax & 31) == 0)
                break;
            if (((eax >> 5) & 7) == level && (eax & 31) != 2)
                return (((uint)ebx >> 22) + 1L) * (((ebx >> 12) & 1023) + 1L) * ((ebx & 4095) + 1L) * ((uint)ecx + 1L);
        }
        return 0;
    }
}
