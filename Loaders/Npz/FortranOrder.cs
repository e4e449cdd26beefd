namespace NativeFree.Loaders.Npz;

/// <summary>Column-major arrays to row-major ones.</summary>
internal static unsafe class FortranOrder
{
    /// <summary>
    /// destination[i₀…iₖ] in C order = source element at Σ iⱼ · Π(shape[..j]). Elements of <paramref name="size"/> bytes.
    /// </summary>
    public static void ToC(byte* source, byte* destination, IReadOnlyList<long> shape, int size)
    {
        int last = shape.Count - 1;
        long[] strides = new long[shape.Count];
        long count = 1;
        for (int i = 0; i <= last; i++)
        {
            strides[i] = count * size;
            count *= shape[i];
        }
        if (count == 0)
        {
            return;
        }
        long[] index = new long[shape.Count];
        byte* row = source;
        for (long done = 0; done < count; done += shape[last])
        {
            byte* from = row;
            for (long i = 0; i < shape[last]; i++, from += strides[last], destination += size)
            {
                CopyElement(from, destination, size);
            }
            for (int axis = last - 1; axis >= 0; axis--)
            {
                row += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }
                row -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static void CopyElement(byte* from, byte* to, int size)
    {
        switch (size)
        {
            case 4: *(uint*)to = *(uint*)from; break;
            case 8: *(ulong*)to = *(ulong*)from; break;
            default: new ReadOnlySpan<byte>(from, size).CopyTo(new Span<byte>(to, size)); break;
        }
    }
}
