namespace NativeFree.Kernels;

/// <summary>How large a core's second cache is: what a block of work may take of it depends on it, the numbers computed do not.</summary>
internal static class SecondCache
{
    // Where the processor does not say: a quarter or less of it still fits the smaller current server cores.
    private const int Usual = 1 << 20;

    // Beyond this a virtual machine tells of a cache that it does not have alone.
    private const int Most = 4 << 20;

    /// <summary>Bytes, from half a MiB to 4 MiB.</summary>
    public static int Bytes { get; } = (int)Math.Clamp(ProcessorCache.Bytes(2) is > 0 and var told ? told : Usual, Usual / 2, Most);
}
