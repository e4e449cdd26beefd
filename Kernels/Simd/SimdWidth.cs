using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>
/// The vector width the engine computes with. Chosen by what the processor can do, not by <c>Vector512.IsHardwareAccelerated</c>, which is false on AVX-512 machines
/// that lower their clock for it. The runtime's own switches narrow it: <c>DOTNET_EnableAVX512=0</c>, <c>DOTNET_EnableAVX2=0</c>.
/// </summary>
public static class SimdWidth
{
    /// <summary>512, 256 or 128.</summary>
    public static int Bits => Avx512F.IsSupported ? 512 : Fma.IsSupported && Avx2.IsSupported ? 256 : 128;

    /// <summary>Floats in a vector: 16, 8 or 4.</summary>
    internal static int Lanes => Bits / 32;
}
