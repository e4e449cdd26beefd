using System.Runtime.CompilerServices;

namespace NativeFree.Gpu;

/// <summary>Asks the kernel compiler to unroll a loop: <c>for (int k = Unroll.From(0); k &lt; 8; k++)</c>.</summary>
public static class Unroll
{
    /// <summary>
    /// Returns <paramref name="start"/>. As the start value of a <c>for</c> loop whose bounds are constants it makes the loop unrolled on the device, so that a local array indexed
    /// by the loop variable lives in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int From(int start) => start;
}
