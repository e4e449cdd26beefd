namespace NativeFree.Loaders.Images;

/// <summary>A Huffman code as DHT gave it; the lookup is built when a scan first needs it.</summary>
internal sealed class HuffmanDefinition(ReadOnlyMemory<byte> counts, ReadOnlyMemory<byte> symbols, bool isDc, long offset)
{
    private HuffmanTable? table;

    internal HuffmanTable Table(JpegDamage damage)
    {
        table ??= HuffmanTable.Create(counts.Span, symbols.Span)
            ?? throw damage.Fatal("a Huffman table must be a prefix code without the code of all ones; this one is not", offset);
        return !isDc || table.Largest <= 15 ? table : throw damage.Fatal(
            $"a Huffman table for DC must hold sizes of 0..15; got {table.Largest}", offset);
    }
}

/// <summary>One component in a scan, with the tables in force there.</summary>
internal readonly record struct JpegScanComponent(JpegComponent Component, HuffmanTable? Dc, HuffmanTable? Ac);

/// <summary>What SOS says (T.81, B.2.3), the tables and the restart interval in force, and where its data lie.</summary>
/// <param name="Components">One to four.</param>
/// <param name="First">First coefficient of the band in zigzag order (0 in sequential frames).</param>
/// <param name="Last">Last coefficient of the band (63 in sequential frames).</param>
/// <param name="High">The bit position sent before (0: a first pass).</param>
/// <param name="Low">The bit position sent now.</param>
/// <param name="RestartInterval">Units between restart markers, 0 for none.</param>
/// <param name="Data">Entropy-coded bytes up to the next marker that is not a restart.</param>
/// <param name="Offset">Where Data begins in the file.</param>
internal sealed record JpegScan(
    JpegScanComponent[] Components, int First, int Last, int High, int Low, int RestartInterval, ReadOnlyMemory<byte> Data, int Offset)
{
    /// <summary>A scan of one component codes its own blocks only; several are coded in units that hold a block or more of each.</summary>
    internal bool Interleaved => Components.Length > 1;

    /// <summary>Blocks that the scan codes.</summary>
    internal long Blocks(JpegFrame frame) => Interleaved
        ? (long)frame.UnitsWide * frame.UnitsHigh * Components.Sum(c => c.Component.Horizontal * c.Component.Vertical)
        : (long)Components[0].Component.BlocksWide * Components[0].Component.BlocksHigh;
}
