namespace NativeFree.Kernels;

/// <summary>How large the cache is that the cores share: how many pictures a plan takes through its layers at a time depends on it, the numbers computed do not.</summary>
internal static class LastCache
{
    // The largest that was measured, and what is taken where the processor does not say. A virtual machine tells of a whole socket's cache, of which it has a part.
    private const int Most = 32 << 20;

    // The smallest of current server cores; a processor without a third cache has a second one in its place.
    private const int Least = 8 << 20;

    /// <summary>Bytes, from 8 MiB to 32 MiB.</summary>
    public static int Bytes { get; } = (int)Math.Clamp(ProcessorCache.Bytes(3) is > 0 and var told ? told : Most, Least, Most);
}
