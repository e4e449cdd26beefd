using System.Numerics;

namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>
/// Sizes of a fractal heap's blocks: <paramref name="Width"/> a row; rows 0 and 1 have <paramref name="StartSize"/> bytes a block, each
/// further row twice as many.
/// Up to <paramref name="MaxDirectSize"/> a block holds objects, beyond that it holds blocks.
/// </summary>
internal readonly record struct DoublingTable(int Width, long StartSize, long MaxDirectSize, int HeapBits)
{
    public bool IsSound => Width > 0 && BitOperations.IsPow2(Width) && StartSize > 0 && BitOperations.IsPow2(StartSize)
        && MaxDirectSize >= StartSize && BitOperations.IsPow2(MaxDirectSize) && HeapBits is > 0 and <= 64 && MaxDirectSize < 1L << 40;

    /// <summary>Rows whose blocks hold objects.</summary>
    public int DirectRows => BitOperations.Log2((ulong)MaxDirectSize) - BitOperations.Log2((ulong)StartSize) + 2;

    public long RowSize(int row) => row == 0 ? StartSize : StartSize << (row - 1);

    /// <summary>Rows of an indirect block that covers <paramref name="size"/> bytes.</summary>
    public int RowsOf(long size) => BitOperations.Log2((ulong)size) - BitOperations.Log2((ulong)StartSize * (ulong)Width) + 1;

    /// <summary>The first row whose block sizes no longer fit a signed 64-bit number.</summary>
    public int RowLimit => 62 - BitOperations.Log2((ulong)StartSize);
}

/// <summary>The direct blocks of a fractal heap ("FHDB"), found through its indirect ones ("FHIB"), by their offset in the heap's own
/// address space.</summary>
internal sealed class FractalHeapBlocks
{
    private readonly Hdf5Access access;
    private readonly long heap;
    private readonly DoublingTable table;
    private readonly bool checksums;
    private readonly List<(long Offset, long Address, long Size)> direct = [];
    private readonly HashSet<long> seen = [];

    private FractalHeapBlocks(Hdf5Access access, long heap, DoublingTable table, bool checksums) =>
        (this.access, this.heap, this.table, this.checksums) = (access, heap, table, checksums);

    public static FractalHeapBlocks Read(Hdf5Access access, long heap, long root, int rows, DoublingTable table, bool checksums)
    {
        var blocks = new FractalHeapBlocks(access, heap, table, checksums);
        if (rows == 0)
        {
            blocks.AddDirect(root, 0, table.StartSize);
            return blocks;
        }
        var stack = new Stack<(long Address, long Offset, int Rows)>([(root, 0, rows)]);
        while (stack.TryPop(out (long Address, long Offset, int Rows) next))
        {
            blocks.ReadIndirect(next.Address, next.Offset, next.Rows, stack);
        }
        blocks.direct.Sort();
        return blocks;
    }

    /// <summary>File address of heap bytes [offset, offset + length).</summary>
    /// <exception cref="FileFormatException">They do not lie inside one block, behind its head.</exception>
    public long Locate(long offset, long length)
    {
        int low = 0, high = direct.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = direct[middle].Offset <= offset ? (middle + 1, high) : (low, middle);
        }
        if (low > 0)
        {
            (long start, long address, long size) = direct[low - 1];
            if (offset - start >= HeadLength && length <= size - (offset - start))
            {
                return address + (offset - start);
            }
        }
        throw access.File.Fault(heap, $"fractal heap: an object of {length} bytes at offset {offset} lies in no block");
    }

    private int OffsetBytes => (table.HeapBits + 7) / 8;

    /// <summary>Signature, version, heap address, offset; a checksum where the heap has them.</summary>
    private int HeadLength => 5 + access.Superblock.OffsetSize + OffsetBytes + (checksums ? 4 : 0);

    private void AddDirect(long address, long offset, long size)
    {
        Hdf5Cursor block = access.Read(address, size, "FHDB"u8, "fractal heap block");
        CheckHead(ref block, address, offset);
        if (checksums)
        {
            // The checksum is over the whole block with its own field zero.
            int at = block.Position;
            uint stored = block.U32();
            byte[] copy = access.File.Span(address, size, "fractal heap block").ToArray();
            copy.AsSpan(at, 4).Clear();
            block.Require(stored == Lookup3.Of(copy), "the checksum does not match the block");
        }
        direct.Add((offset, address, size));
    }

    private void ReadIndirect(long address, long offset, int rows, Stack<(long Address, long Offset, int Rows)> below)
    {
        int offsetSize = access.Superblock.OffsetSize;
        if (rows < 1 || rows > table.RowLimit)
        {
            throw access.File.Fault(address, $"fractal heap: an indirect block must have 1 to {table.RowLimit} rows; has {rows}");
        }
        int head = 5 + offsetSize + OffsetBytes;
        Hdf5Cursor block = access.Read(address, head + ((long)rows * table.Width * offsetSize) + 4, "FHIB"u8,
            "fractal heap indirect block");
        CheckHead(ref block, address, offset);
        for (int row = 0; row < rows; row++)
        {
            long size = table.RowSize(row);
            for (int column = 0; column < table.Width; column++, offset += size)
            {
                long child = block.Offset();
                block.Require(offset >= 0, "its blocks pass 2^63 bytes");
                if (child >= 0 && row < table.DirectRows)
                {
                    AddDirect(child, offset, size);
                }
                else if (child >= 0)
                {
                    below.Push((child, offset, table.RowsOf(size)));
                }
            }
        }
        block.Checksum();
    }

    private void CheckHead(ref Hdf5Cursor block, long address, long offset)
    {
        int version = block.U8();
        block.Require(version == 0, $"version must be 0; is {version}");
        block.Require(block.Offset() == heap, "it belongs to another heap");
        long stored = OffsetBytes <= 8 ? block.Number(OffsetBytes) : -1;
        block.Require(stored == offset, $"its offset must be {offset}; is {stored}");
        block.Require(seen.Add(address), "it is met twice");
    }
}
