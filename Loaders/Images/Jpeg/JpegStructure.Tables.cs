using System.Buffers.Binary;

namespace NativeFree.Loaders.Images;

internal sealed partial class JpegStructure
{
    /// <summary>DQT: tables of 64 values in zigzag order, 8 or 16 bits each, one after the other. Kept in natural order.</summary>
    private void ReadQuantization(ReadOnlySpan<byte> data, int offset)
    {
        for (int i = 0; i < data.Length;)
        {
            int wide = data[i] >> 4, index = data[i] & 15, size = wide == 0 ? 1 : 2;
            if (wide > 1 || index > 3 || data.Length - i - 1 < 64 * size)
            {
                throw damage.Fatal(
                    $"a quantization table must have 64 values of 8 or 16 bits and a number of 0..3; got precision {wide}, number {index}, {data.Length - i - 1} bytes", offset + i);
            }

            var table = new ushort[64];
            for (int k = 0; k < 64; k++)
            {
                ReadOnlySpan<byte> value = data[(i + 1 + (k * size))..];
                table[JpegBitReader.Natural[k]] = wide == 0 ? value[0] : BinaryPrimitives.ReadUInt16BigEndian(value);
            }

            quant[index] = table;
            i += 1 + (64 * size);
        }
    }

    /// <summary>DHT: codes given by how many symbols each length has and the symbols in order, one after the other.</summary>
    private void ReadHuffman(ReadOnlyMemory<byte> segment, int offset)
    {
        ReadOnlySpan<byte> data = segment.Span;
        for (int i = 0; i < data.Length;)
        {
            int left = data.Length - i - 17, kind = data[i] >> 4, index = data[i] & 15, count = 0;
            for (int k = 1; k <= 16 && left >= 0; k++)
            {
                count += data[i + k];
            }

            if (kind > 1 || index > 3 || count > Math.Min(left, 256))
            {
                throw damage.Fatal(
                    $"a Huffman table must be DC (0) or AC (1), have a number of 0..3 and at most 256 symbols, all there; got kind {kind}, number {index}, {count} symbols in {left} bytes", offset + i);
            }

            (kind == 0 ? dc : ac)[index] = new HuffmanDefinition(segment.Slice(i + 1, 16), segment.Slice(i + 17, count), kind == 0, offset + i);
            i += 17 + count;
        }
    }

    /// <summary>SOS and the data after it; false where the file ends inside and the scans so far are to do.</summary>
    private bool ReadScan()
    {
        int start = at;
        if (frame is null)
        {
            throw damage.Fatal("a scan must follow a frame header; there is none", start - 2);
        }

        if (!TrySegment(out ReadOnlyMemory<byte> segment))
        {
            return false;
        }

        ReadOnlySpan<byte> data = segment.Span;
        int count = data.IsEmpty ? 0 : data[0];
        if (count is < 1 or > 4 || data.Length != 4 + (2 * count))
        {
            throw damage.Fatal(
                $"a scan must name 1..4 components in 2 bytes each; got {count} in {Math.Max(data.Length - 4, 0)} bytes", start);
        }

        ReadOnlySpan<byte> band = data[(1 + (2 * count))..];
        (int first, int last, int high, int low) = frame.Progressive ? (band[0], band[1], band[2] >> 4, band[2] & 15) : (0, 63, 0, 0);
        if (frame.Progressive)
        {
            RequireBand(first, last, high, low, count, start);
        }

        var components = new JpegScanComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = Select(data[1 + (2 * i)], data[2 + (2 * i)], first, last, high, start);
        }

        if (components.DistinctBy(c => c.Component).Count() != count
            || (count > 1 && components.Sum(c => c.Component.Horizontal * c.Component.Vertical) > 10))
        {
            throw damage.Fatal("a scan must name different components with at most 10 blocks in a unit; this one does not", start);
        }

        int end = EndOfData(at);
        Scans.Add(new JpegScan(components, first, last, high, low, restartInterval, bytes[at..end], at));
        at = end;
        return true;
    }

    /// <summary>T.81, G.1.1.1: DC alone or one component's AC; first passes from any bit up to 13, later ones a bit at a time.</summary>
    private void RequireBand(int first, int last, int high, int low, int count, int start)
    {
        bool band = first == 0 ? last == 0 : last >= first && last <= 63 && count == 1;
        if (!band || low > 13 || (high != 0 && low != high - 1))
        {
            throw damage.Fatal(
                $"a progressive scan must send DC alone or one component's band, a bit after another; got coefficients {first}..{last}, bits {high}, {low}, {count} components", start);
        }
    }

    private JpegScanComponent Select(byte id, byte tables, int first, int last, int high, int start)
    {
        JpegComponent component = Array.Find(Frame.Components, c => c.Id == id)
            ?? throw damage.Fatal($"a scan must name components of the frame; got {id}", start);
        component.Quant ??= quant[component.QuantIndex] ?? throw damage.Fatal(
            $"quantization table {component.QuantIndex} must be defined before the scan that uses it", start);
        bool needsDc = first == 0 && high == 0, needsAc = last > 0;
        return new JpegScanComponent(component, needsDc ? Defined(dc, tables >> 4, "DC") : null, needsAc ? Defined(ac, tables & 15, "AC") : null);

        HuffmanTable Defined(HuffmanDefinition?[] definitions, int index, string kind) =>
            (index < 4 ? definitions[index] : null)?.Table(damage)
            ?? throw damage.Fatal($"Huffman table {kind} {index} must be defined before the scan that uses it", start);
    }

    /// <summary>The first marker that is neither a stuffed zero nor a restart, or the end of the file.</summary>
    private int EndOfData(int from)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        while (true)
        {
            int skip = span[from..].IndexOf((byte)0xFF);
            if (skip < 0)
            {
                return span.Length;
            }

            int marker = from + skip, next = marker + 1;
            while (next < span.Length && span[next] == 0xFF)
            {
                next++;
            }

            if (next >= span.Length)
            {
                return marker;
            }

            if (span[next] != 0 && !JpegMarker.IsRestart(span[next]))
            {
                return marker;
            }

            from = next + 1;
        }
    }
}
