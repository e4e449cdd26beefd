using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>Where a <see cref="TransposedTile{C}"/> reads and writes; strides in floats.</summary>
internal unsafe struct TransposedTileArguments
{
    /// <summary>A at the first pixel: the tile's rows are neighbouring floats.</summary>
    public float* A;

    /// <summary>B at the first pixel: the tile's columns are neighbouring floats.</summary>
    public float* B;

    /// <summary>From one pixel to the next.</summary>
    public nint PixelA, PixelB;

    /// <summary>From one image row to the next.</summary>
    public nint LineA, LineB;

    /// <summary>Pixels in a line, and lines.</summary>
    public int Pixels, Lines;

    /// <summary>The result, rows <see cref="RowY"/> apart.</summary>
    public float* Y;

    public nint RowY;

    /// <summary>Whether the sums are the result; else they are added to it.</summary>
    public bool Fresh;

    /// <summary>What is needed soon and lies far away, asked for into the second cache; where there is nothing, A.</summary>
    public float* Ahead;

    /// <summary>Floats of it a pixel, at most a cache line's: see <see cref="TileKernels.Pace"/>; 0 asks for the same line again, which costs next to nothing.</summary>
    public nint Pace;
}

/// <summary>
/// The same block of 6 (or 1) rows × <c>C.Width</c> columns for products whose A is stored transposed: y[i][j] += Σ over pixels of a[pixel][i] · b[pixel][j]. It is the filter gradient: rows are input
/// channels of one tap, columns output channels, both read in place. Pixels are added in image order, and their sum to what y holds at the end: its lines, a filter's row apart and far from every cache, are asked for at the start.
/// </summary>
internal static unsafe class TransposedTile<C> where C : unmanaged, IColumns<C>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixRows(in TransposedTileArguments t)
    {
        float* y = t.Y;
        nint row = t.RowY;
        Tile<C>.Expect(y);
        Tile<C>.Expect(y + row);
        Tile<C>.Expect(y + (2 * row));
        Tile<C>.Expect(y + (3 * row));
        Tile<C>.Expect(y + (4 * row));
        Tile<C>.Expect(y + (5 * row));
        C c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        nint pixelA = t.PixelA, pixelB = t.PixelB;
        int pixels = t.Pixels;
        float* lineA = t.A, lineB = t.B, ahead = t.Ahead;
        nint pace = t.Pace;
        for (int line = t.Lines; line > 0; line--)
        {
            float* a = lineA, b = lineB;
            for (int k = pixels; k > 0; k--)
            {
                if (Sse.IsSupported)
                    Sse.Prefetch1(ahead);
                ahead += pace;
                C p = C.Load(b);
                C.Accumulate(ref c0, a, p);
                C.Accumulate(ref c1, a + 1, p);
                C.Accumulate(ref c2, a + 2, p);
                C.Accumulate(ref c3, a + 3, p);
                C.Accumulate(ref c4, a + 4, p);
                C.Accumulate(ref c5, a + 5, p);
                a += pixelA;
                b += pixelB;
            }
            lineA += t.LineA;
            lineB += t.LineB;
        }
        if (!t.Fresh)
        {
            c0 = C.Add(c0, C.Load(y));
            c1 = C.Add(c1, C.Load(y + row));
            c2 = C.Add(c2, C.Load(y + (2 * row)));
            c3 = C.Add(c3, C.Load(y + (3 * row)));
            c4 = C.Add(c4, C.Load(y + (4 * row)));
            c5 = C.Add(c5, C.Load(y + (5 * row)));
        }
        C.Store(c0, y);
        C.Store(c1, y + row);
        C.Store(c2, y + (2 * row));
        C.Store(c3, y + (3 * row));
        C.Store(c4, y + (4 * row));
        C.Store(c5, y + (5 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(in TransposedTileArguments t)
    {
        C c = default;
        float* lineA = t.A, lineB = t.B;
        for (int line = t.Lines; line > 0; line--)
        {
            float* a = lineA, b = lineB;
            for (int k = t.Pixels; k > 0; k--)
            {
                C.Accumulate(ref c, a, C.Load(b));
                a += t.PixelA;
                b += t.PixelB;
            }
            lineA += t.LineA;
            lineB += t.LineB;
        }
        C.Store(t.Fresh ? c : C.Add(c, C.Load(t.Y)), t.Y);
    }
}
