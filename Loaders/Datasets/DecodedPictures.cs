using System.Collections.Concurrent;
using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>Pictures and masks that were decoded, by index, up to a number of bytes. What came first stays: throwing the oldest out would, with each read once an epoch in a random order, find no more of them again. Thread-safe.</summary>
internal sealed class DecodedPictures(long capacity)
{
    private readonly ConcurrentDictionary<int, (Image Image, Image? Mask)> held = [];
    private long bytes;

    /// <summary>Bytes of the pictures held.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>The picture of an index, out of memory or decoded now.</summary>
    public (Image Image, Image? Mask) Get(int index, Func<int, (Image Image, Image? Mask)> decode)
    {
        if (held.TryGetValue(index, out (Image Image, Image? Mask) pair))
            return pair;
        pair = decode(index);
        long size = pair.Image.Pixels.LongLength + (pair.Mask?.Pixels.LongLength ?? 0);
        if (Interlocked.Add(ref bytes, size) > capacity || !held.TryAdd(index, pair))
            Interlocked.Add(ref bytes, -size);
        return pair;
    }
}
