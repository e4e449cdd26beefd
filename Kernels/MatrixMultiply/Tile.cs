using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>
/// The micro-kernel of the engine: a block of 6 (or 4, or 1) rows × <c>C.Width</c> columns of a product, held in registers while k runs. With four 512-bit vectors that is 24 accumulators, 4 loads and 6
/// broadcasts a step; the multiply-add units are the limit, not the loads. Rows are read in place through pointers, columns come packed.
/// Shapes: row i of A is <c>a[t·6 + i][0..length)</c> for the taps t one after the other; B is [taps·length][ldb]; y[i] points at C.Width outputs.
/// Every accumulator starts with the bias, adds in the order of k, and adds what <c>from</c> holds at the end, so a value depends neither on the tile it is in nor on the thread.
/// The lines of y and <c>from</c> are asked for at the start and have arrived when the last k is done: short products (64 → 256 channels) would else wait for them.
/// </summary>
internal static unsafe class Tile<C> where C : unmanaged, IColumns<C>
{
    public const int Rows = 6;

    // Floats in a cache line.
    private const int Line = 16;

    /// <summary>Six rows; rows beyond the image's last may repeat an earlier one.</summary>
    /// <param name="a">[taps][6] pointers to rows of A.</param>
    /// <param name="taps">How many runs of k there are.</param>
    /// <param name="length">k in each run.</param>
    /// <param name="b">Packed columns.</param>
    /// <param name="ldb">Floats from one k to the next in b.</param>
    /// <param name="y">Six rows to store.</param>
    /// <param name="from">Six rows to add (partial sums or an addend), or null.</param>
    /// <param name="bias">C.Width values to start from.</param>
    /// <param name="lower">Results below become this: 0 for ReLU, −∞ to store as it is.</param>
    /// <param name="ahead">Columns that are needed soon and may lie far away, asked for into the second cache; or null.</param>
    /// <param name="pace">Floats of them a k, at most two cache lines': see <see cref="TileKernels.Pace"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixRows(float** a, int taps, int length, float* b, int ldb, float** y, float** from, float* bias, float lower, float* ahead, int pace)
    {
        C c0 = C.Load(bias);
        C c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0;
        int row = 0, stagger = (length + 7) / 8;
        for (int t = 0; t < taps; t++, a += Rows)
        {
            float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5];
            nint k = 0;
            do
            {
                nint end = length;
                if (row < Rows)
                {
                    Expect(y[row]);
                    if (from != null)
                        Expect(from[row]);
                    row++;
                    end = Math.Min(k + stagger, length);
                }
                for (; k < end; k++, b += ldb)
                {
                    if (ahead != null)
                        Fetch(ref ahead, pace);
                    C p = C.Load(b);
                    C.Accumulate(ref c0, a0 + k, p);
                    C.Accumulate(ref c1, a1 + k, p);
                    C.Accumulate(ref c2, a2 + k, p);
                    C.Accumulate(ref c3, a3 + k, p);
                    C.Accumulate(ref c4, a4 + k, p);
                    C.Accumulate(ref c5, a5 + k, p);
                }
            }
            while (k < length);
        }
        if (from != null)
        {
            c0 = C.Add(c0, C.Load(from[0]));
            c1 = C.Add(c1, C.Load(from[1]));
            c2 = C.Add(c2, C.Load(from[2]));
            c3 = C.Add(c3, C.Load(from[3]));
            c4 = C.Add(c4, C.Load(from[4]));
            c5 = C.Add(c5, C.Load(from[5]));
        }
        C.Store(C.AtLeast(c0, lower), y[0]);
        C.Store(C.AtLeast(c1, lower), y[1]);
        C.Store(C.AtLeast(c2, lower), y[2]);
        C.Store(C.AtLeast(c3, lower), y[3]);
        C.Store(C.AtLeast(c4, lower), y[4]);
        C.Store(C.AtLeast(c5, lower), y[5]);
    }

    /// <summary>The first four rows alone, for a last tile of two to four: a third of the work of six saved. Parameters as for <see cref="SixRows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(float** a, int taps, int length, float* b, int ldb, float** y, float** from, float* bias, float lower, float* ahead, int pace)
    {
        Expect(y[0]);
        Expect(y[1]);
        Expect(y[2]);
        Expect(y[3]);
        if (from != null)
        {
            Expect(from[0]);
            Expect(from[1]);
            Expect(from[2]);
            Expect(from[3]);
        }
        C c0 = C.Load(bias);
        C c1 = c0, c2 = c0, c3 = c0;
        for (int t = 0; t < taps; t++, a += Rows)
        {
            float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
            for (nint k = 0; k < length; k++, b += ldb)
            {
                if (ahead != null)
                    Fetch(ref ahead, pace);
                C p = C.Load(b);
                C.Accumulate(ref c0, a0 + k, p);
                C.Accumulate(ref c1, a1 + k, p);
                C.Accumulate(ref c2, a2 + k, p);
                C.Accumulate(ref c3, a3 + k, p);
            }
        }
        if (from != null)
        {
            c0 = C.Add(c0, C.Load(from[0]));
            c1 = C.Add(c1, C.Load(from[1]));
            c2 = C.Add(c2, C.Load(from[2]));
            c3 = C.Add(c3, C.Load(from[3]));
        }
        C.Store(C.AtLeast(c0, lower), y[0]);
        C.Store(C.AtLeast(c1, lower), y[1]);
        C.Store(C.AtLeast(c2, lower), y[2]);
        C.Store(C.AtLeast(c3, lower), y[3]);
    }

    /// <summary>Asks for the next two lines of what is wanted soon, again where the pace is slower than two a k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(ref float* ahead, int pace)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(ahead);
            Sse.Prefetch1(ahead + Line);
        }
        ahead += pace;
    }

    /// <summary>Asks for the cache lines of C.Width floats; there need not be so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Expect(float* p)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(p);
        if (C.Width > Line)
            Sse.Prefetch0(p + Line);
        if (C.Width > 2 * Line)
            Sse.Prefetch0(p + (2 * Line));
        if (C.Width > 3 * Line)
            Sse.Prefetch0(p + (3 * Line));
    }

    /// <summary>The first row alone; parameters as for <see cref="SixRows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow(float** a, int taps, int length, float* b, int ldb, float** y, float** from, float* bias, float lower, float* ahead, int pace)
    {
        C c = C.Load(bias);
        for (int t = 0; t < taps; t++, a += Rows)
        {
            float* a0 = a[0];
            for (nint k = 0; k < length; k++, b += ldb)
            {
                if (ahead != null)
                    Fetch(ref ahead, pace);
                C.Accumulate(ref c, a0 + k, C.Load(b));
            }
        }
        if (from != null)
            c = C.Add(c, C.Load(from[0]));
        C.Store(C.AtLeast(c, lower), y[0]);
    }
}
