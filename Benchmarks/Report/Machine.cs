using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
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
        ProcessorName.Text,
        Environment.ProcessorCount,
        device.Threads,
        SimdWidth.Bits,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        LoadAverage());

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
