namespace NativeFree.Kernels;

/// <summary>The two transpositions between channels-first files and channels-last tensors. Tiles of 32 keep both sides within the first cache.</summary>
internal static class ChannelOrder
{
    private const int Tile = 32;

    /// <summary>[n, c, pixels] to [n, pixels, c].</summary>
    public static void FirstToLast<T>(ReadOnlySpan<T> source, Span<T> destination, int n, int c, int pixels) => Transpose(source, destination, n, c, pixels);

    /// <summary>[n, pixels, c] to [n, c, pixels].</summary>
    public static void LastToFirst<T>(ReadOnlySpan<T> source, Span<T> destination, int n, int c, int pixels) => Transpose(source, destination, n, pixels, c);

    private static void Transpose<T>(ReadOnlySpan<T> source, Span<T> destination, int n, int rows, int columns)
    {
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<T> s = source.Slice(i * rows * columns, rows * columns);
            Span<T> d = destination.Slice(i * rows * columns, rows * columns);
            for (int r0 = 0; r0 < rows; r0 += Tile)
            {
                for (int c0 = 0; c0 < columns; c0 += Tile)
                {
                    for (int r = r0; r < Math.Min(r0 + Tile, rows); r++)
                    {
                        for (int k = c0; k < Math.Min(c0 + Tile, columns); k++)
                            d[k * rows + r] = s[r * columns + k];
                    }
                }
            }
        }
    }
}
