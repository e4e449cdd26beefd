using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>
/// The filter as the packed side of the product: panels of <see cref="TileKernels.PanelWidth"/> output columns, each [taps][length][width], zeros beyond the last column up to a whole vector.
/// Either packed already, or, where one block of pixels meets each of them, packed piece by piece into a thread's scratch just before use.
/// Element (tap, k, column) of group g is at source + g·GroupStride + tap·TapStride + k·KStride + column·ColumnStride.
/// </summary>
internal readonly unsafe struct FilterPanels
{
    public required float* Source { get; init; }

    public required long GroupStride { get; init; }

    public required long TapStride { get; init; }

    public required long KStride { get; init; }

    public required long ColumnStride { get; init; }

    /// <summary>Columns of one group.</summary>
    public required int Columns { get; init; }

    /// <summary>All panels packed beforehand by <see cref="PackAll"/>, or null to pack while running.</summary>
    public float* Packed { get; init; }

    /// <summary>All panels packed beforehand in 16 bits, decoded piece by piece while running, or null.</summary>
    public short* Halves { get; init; }

    /// <summary>What a decoded half is multiplied by.</summary>
    public float HalfScale { get; init; }

    public int Panels => (Columns + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;

    /// <summary>Valid columns of a panel.</summary>
    public int Valid(int panel) => Math.Min(TileKernels.PanelWidth, Columns - (panel * TileKernels.PanelWidth));

    /// <summary>Vectors of a panel; the last one may be part full.</summary>
    public int Vectors(int panel) => (Valid(panel) + SimdWidth.Lanes - 1) / SimdWidth.Lanes;

    /// <summary>Floats of all panels of <paramref name="groups"/> groups when each column has <paramref name="k"/> values.</summary>
    public long PackedCount(int groups, long k) => groups * k * PaddedColumns;

    /// <summary>Packs every panel, taps in the given order, each of <paramref name="length"/> k.</summary>
    public void PackAll(WorkCrew crew, int groups, int[] taps, int length, float* packed)
    {
        FilterPanels panels = this;
        crew.For(groups * Panels * taps.Length, 1, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                int tap = i % taps.Length, panel = i / taps.Length % panels.Panels, group = i / (taps.Length * panels.Panels);
                float* start = packed + panels.Offset(group, panel, (long)taps.Length * length);
                panels.Pack(group, panel, taps.AsSpan(tap, 1), 0, length, start + ((long)tap * length * panels.Vectors(panel) * SimdWidth.Lanes));
            }
        });
    }

    /// <summary>Where a panel starts among the packed ones.</summary>
    public long Offset(int group, int panel, long k) => k * (((long)group * PaddedColumns) + (panel * TileKernels.PanelWidth));

    private int PaddedColumns => (Columns + SimdWidth.Lanes - 1) / SimdWidth.Lanes * SimdWidth.Lanes;

    /// <summary>Packs k from..to of the given taps into <paramref name="packed"/>, rows of Vectors·lanes floats.</summary>
    public void Pack(int group, int panel, ReadOnlySpan<int> taps, int from, int to, float* packed)
    {
        int valid = Valid(panel), width = Vectors(panel) * SimdWidth.Lanes;
        float* start = Source + (group * GroupStride) + (panel * TileKernels.PanelWidth * ColumnStride);
        foreach (int tap in taps)
        {
            float* s = start + (tap * TapStride) + (from * KStride);
            if (ColumnStride == 1)
                CopyRows(s, to - from, valid, width, packed);
            else
                Transpose(s, to - from, valid, width, packed);
            packed += (long)(to - from) * width;
        }
    }

    private void CopyRows(float* s, int rows, int valid, int width, float* d)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                CopyRows<Lanes512>(s, rows, valid, width, d);
                break;
            case 256:
                CopyRows<Lanes256>(s, rows, valid, width, d);
                break;
            default:
                CopyRows<Lanes128>(s, rows, valid, width, d);
                break;
        }
    }

    // Rows lie a page or more apart, where the processor does not read ahead by itself: ask for them early.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyRows<V>(float* s, int rows, int valid, int width, float* d) where V : unmanaged, ILanes<V>
    {
        const int ahead = 12, line = 16;
        nint step = (nint)KStride;
        int whole = valid / V.Count * V.Count;
        for (int k = 0; k < rows; k++, s += step, d += width)
        {
            if (Sse.IsSupported)
            {
                for (int c = 0; c < valid; c += line)
                    Sse.Prefetch0(s + (ahead * step) + c);
            }
            for (int c = 0; c < whole; c += V.Count)
                V.Store(V.Load(s + c), d + c);
            for (int c = whole; c < width; c++)
                d[c] = c < valid ? s[c] : 0;
        }
    }

    // Four columns × four k at a time in registers; single elements at the edges.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(float* s, int rows, int valid, int width, float* d)
    {
        int k4 = Sse.IsSupported && KStride == 1 ? rows & ~3 : 0;
        int c4 = k4 == 0 ? 0 : valid & ~3;
        for (int k = 0; k < k4; k += 4)
        {
            float* row = d + ((long)k * width);
            for (int c = 0; c < c4; c += 4)
            {
                float* corner = s + k + (c * ColumnStride);
                Vector128<float> a = Vector128.Load(corner), b = Vector128.Load(corner + ColumnStride);
                Vector128<float> e = Vector128.Load(corner + (2 * ColumnStride)), f = Vector128.Load(corner + (3 * ColumnStride));
                Vector128<float> lowAb = Sse.UnpackLow(a, b), highAb = Sse.UnpackHigh(a, b), lowEf = Sse.UnpackLow(e, f), highEf = Sse.UnpackHigh(e, f);
                Sse.MoveLowToHigh(lowAb, lowEf).Store(row + c);
                Sse.MoveHighToLow(lowEf, lowAb).Store(row + width + c);
                Sse.MoveLowToHigh(highAb, highEf).Store(row + (2 * width) + c);
                Sse.MoveHighToLow(highEf, highAb).Store(row + (3 * width) + c);
            }
        }
        for (int k = 0; k < rows; k++)
        {
            float* row = d + ((long)k * width);
            for (int c = k < k4 ? c4 : 0; c < valid; c++)
                row[c] = s[(k * KStride) + (c * ColumnStride)];
            new Span<float>(row + valid, width - valid).Clear();
        }
    }
}
