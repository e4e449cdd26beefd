using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace NativeFree.Kernels;

/// <summary>What the processor calls itself: measurements and tables of choices say on what they were made.</summary>
internal static class ProcessorName
{
    private static readonly Lazy<string> Known = new(Read);

    /// <summary>Brand, family and model; the architecture where the processor does not say.</summary>
    public static string Text => Known.Value;

    // CPUID leaves 0x80000002..4 hold 48 characters (Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E).
    private static string Read()
    {
        const int firstLeaf = unchecked((int)0x80000002);
        if (!X86Base.IsSupported || unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) < unchecked((uint)firstLeaf) + 2)
            return RuntimeInformation.ProcessArchitecture.ToString();
        Span<int> words = stackalloc int[12];
        for (int leaf = 0; leaf < 3; leaf++)
            (words[4 * leaf], words[(4 * leaf) + 1], words[(4 * leaf) + 2], words[(4 * leaf) + 3]) = X86Base.CpuId(firstLeaf + leaf, 0);
        string name = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).Trim('\0', ' ');
        // Hosts of virtual machines shorten the name; family and model say what it is all the same. Leaf 1, EAX: model in bits 4–7 and 16–19, family in 8–11 and, from 15 on, plus 20–27.
        int version = X86Base.CpuId(1, 0).Eax;
        int family = (version >> 8) & 15, model = (version >> 4) & 15;
        if (family is 6 or 15)
            model |= ((version >> 16) & 15) << 4;
        if (family == 15)
            family += (version >> 20) & 255;
        return $"{string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries))} (family {family}, model {model})";
    }
}
