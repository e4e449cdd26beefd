namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>HDF5's filter 2: all first bytes of the elements, then all second bytes, and so on; bytes left over behind the last whole
/// element stay as they are.</summary>
internal static class Shuffle
{
    public static void Apply(ReadOnlySpan<byte> plain, Span<byte> shuffled, int size)
    {
        int count = plain.Length / size;
        for (int k = 0; k < size; k++)
        {
            Span<byte> plane = shuffled.Slice(k * count, count);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = plain[(i * size) + k];
            }
        }
        plain[(count * size)..].CopyTo(shuffled[(count * size)..]);
    }

    public static void Undo(ReadOnlySpan<byte> shuffled, Span<byte> plain, int size)
    {
        int count = shuffled.Length / size;
        if (size == 4)
        {
            UndoWords(shuffled, plain, count);
        }
        else
        {
            for (int k = 0; k < size; k++)
            {
                ReadOnlySpan<byte> plane = shuffled.Slice(k * count, count);
                for (int i = 0; i < plane.Length; i++)
                {
                    plain[(i * size) + k] = plane[i];
                }
            }
        }
        shuffled[(count * size)..].CopyTo(plain[(count * size)..]);
    }

    /// <summary>Four planes at once: what nearly every weight file needs.</summary>
    private static void UndoWords(ReadOnlySpan<byte> shuffled, Span<byte> plain, int count)
    {
        ReadOnlySpan<byte> a = shuffled[..count], b = shuffled.Slice(count, count), c = shuffled.Slice(2 * count, count);
        ReadOnlySpan<byte> d = shuffled.Slice(3 * count, count);
        for (int i = 0; i < a.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(plain[(4 * i)..],
                (uint)(a[i] | (b[i] << 8) | (c[i] << 16) | (d[i] << 24)));
        }
    }
}
