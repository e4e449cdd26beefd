using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
/// <param name="Cpu">The processor's own name.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="Threads">Threads that compute, the same for every contender.</param>
/// <param name="VectorBits">Width of the vectors in use: 512, 256 or 128.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="Version">NativeFree's version and commit.</param>
/// <param name="Load">Programs that wanted to run in the last minute before the start, on average; NaN where the system does not say. Above about 0.3 the machine was not quiet.</param>
public sealed record Machine(string Cpu, int Cores, int Threads, int VectorBits, string System, string Runtime, string Version, double Load)
{
    /// <summary>This machine, with a device's thread count.</summary>
    internal static Machine Of(CpuDevice device) => new(
        ProcessorName(),
        Environment.ProcessorCount,
        device.Threads,
        SimdWidth.Bits,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        LoadAverage());

    // CPUID leaves 0x80000002..4 hold 48 characters (Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E).
    private static string ProcessorName()
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

    private static double LoadAverage()
    {
        try
        {
            string text = File.ReadAllText("/proc/loadavg");
            return double.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentOutOfRangeException)
        {
            return double.NaN;
        }
    }
}
