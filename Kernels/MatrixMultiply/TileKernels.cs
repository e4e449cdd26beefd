namespace NativeFree.Kernels;

/// <summary>
/// The tile kernels for the vector width in use, by how many vectors wide they are. A full panel is 4 vectors at 512 bits (32 registers: 24 accumulators, 4 columns, 1 scalar) and 2 at 256 and 128
/// (16 registers: 12, 2, 1); narrower ones finish the last channels.
/// </summary>
internal static unsafe class TileKernels
{
    /// <summary>Vectors in a full panel.</summary>
    public static readonly int MaxVectors = SimdWidth.Bits == 512 ? 4 : 2;

    /// <summary>Columns in a full panel: 64, 16 or 8.</summary>
    public static readonly int PanelWidth = MaxVectors * SimdWidth.Lanes;

    private static readonly Table Kernels = SimdWidth.Bits switch
    {
        512 => Table.Of<Lanes512>(),
        256 => Table.Of<Lanes256>(),
        _ => Table.Of<Lanes128>(),
    };

    /// <summary>The kernel of <see cref="Tile{C}"/> for 1 to 6 rows, with the least work that covers them, and 1 to <see cref="MaxVectors"/> vectors.</summary>
    public static delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void> Rows(int rows, int vectors) =>
        (delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void>)(rows == 1 ? Kernels.OneRow : rows <= 4 ? Kernels.FourRows : Kernels.SixRows)[vectors - 1];

    /// <summary><see cref="TransposedTile{C}.SixRows"/> for 1 to <see cref="MaxVectors"/> vectors.</summary>
    public static delegate*<in TransposedTileArguments, void> SixColumns(int vectors) => (delegate*<in TransposedTileArguments, void>)Kernels.SixColumns[vectors - 1];

    /// <summary><see cref="TransposedTile{C}.OneRow"/> for 1 to <see cref="MaxVectors"/> vectors.</summary>
    public static delegate*<in TransposedTileArguments, void> OneColumn(int vectors) => (delegate*<in TransposedTileArguments, void>)Kernels.OneColumn[vectors - 1];

    /// <summary>
    /// Floats to ask for at each of <paramref name="steps"/> k so that <paramref name="floats"/> are there at the end: two lines, one, half or a quarter of one. Spread over all steps they come at the rate of memory and delay
    /// nothing; asked for in a hurry they hold up what the tile loads itself.
    /// </summary>
    public static int Pace(long floats, long steps) => 4 * steps >= floats ? 4 : 8 * steps >= floats ? 8 : 16 * steps >= floats ? 16 : 32;

    private sealed record Table(nint[] SixRows, nint[] FourRows, nint[] OneRow, nint[] SixColumns, nint[] OneColumn)
    {
        public static Table Of<V>() where V : unmanaged, ILanes<V> => new(
            [Six<Columns1<V>>(), Six<Columns2<V>>(), Six<Columns3<V>>(), Six<Columns4<V>>()],
            [Four<Columns1<V>>(), Four<Columns2<V>>(), Four<Columns3<V>>(), Four<Columns4<V>>()],
            [One<Columns1<V>>(), One<Columns2<V>>(), One<Columns3<V>>(), One<Columns4<V>>()],
            [SixT<Columns1<V>>(), SixT<Columns2<V>>(), SixT<Columns3<V>>(), SixT<Columns4<V>>()],
            [OneT<Columns1<V>>(), OneT<Columns2<V>>(), OneT<Columns3<V>>(), OneT<Columns4<V>>()]);

        private static nint Six<C>() where C : unmanaged, IColumns<C> => (nint)(delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void>)&Tile<C>.SixRows;

        private static nint Four<C>() where C : unmanaged, IColumns<C> => (nint)(delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void>)&Tile<C>.FourRows;

        private static nint One<C>() where C : unmanaged, IColumns<C> => (nint)(delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void>)&Tile<C>.OneRow;

        private static nint SixT<C>() where C : unmanaged, IColumns<C> => (nint)(delegate*<in TransposedTileArguments, void>)&TransposedTile<C>.SixRows;

        private static nint OneT<C>() where C : unmanaged, IColumns<C> => (nint)(delegate*<in TransposedTileArguments, void>)&TransposedTile<C>.OneRow;
    }
}
