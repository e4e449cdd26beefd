using System.IO.Compression;
using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level1;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>Writes an array's elements, contiguous or in shuffled and deflated chunks, and the messages that describe them.</summary>
internal static class DatasetBytes
{
    /// <summary>H5B_ISTORE_K's default, which a version 0 superblock implies.</summary>
    private const int ChunkRank = 32;

    /// <summary>Up to here a chunk grows: the library's chunk cache is 1 MiB.</summary>
    private const long ChunkBytes = 1 << 20;

    private const int DeflateLevel = 6;

    /// <summary>Writes the elements and adds dataspace, type, fill value, layout and filters to <paramref name="header"/>.</summary>
    public static void Write(Hdf5Output output, NamedArray array, bool compressed, ObjectHeaderBytes header)
    {
        bool chunked = compressed && array.Shape.Count > 0 && array.Bytes > 0;
        header.Add(MessageType.Dataspace, DatatypeBytes.Dataspace(array.Shape));
        header.Add(MessageType.Datatype, DatatypeBytes.Of(array.Type), 1);
        // Allocated when written (2) or chunk by chunk (3); filled if set; defined, of the default value.
        header.Add(MessageType.FillValue, new MetadataBuffer().U8(2).U8(chunked ? 3 : 2).U8(2).U8(1).U32(0).ToArray(), 1);
        header.Add(MessageType.DataLayout, chunked ? WriteChunks(output, array) : WriteContiguous(output, array));
        if (chunked)
        {
            header.Add(MessageType.FilterPipeline, Pipeline(array.Type.Size));
        }
    }

    /// <summary>Extents of a chunk that is a run of the array in C order: ones, then a part of one extent, then whole extents.</summary>
    internal static long[] ChunkShape(IReadOnlyList<long> shape, int elementSize)
    {
        long[] chunk = [.. shape];
        for (int axis = 0; axis < chunk.Length && ArrayEntry.Product(chunk) * elementSize > ChunkBytes; axis++)
        {
            long rest = ArrayEntry.Product(chunk[(axis + 1)..]) * elementSize;
            chunk[axis] = Math.Clamp(ChunkBytes / rest, 1, chunk[axis]);
        }
        return chunk;
    }

    private static byte[] WriteContiguous(Hdf5Output output, NamedArray array)
    {
        long address = array.Bytes > 0 ? output.Align() : MetadataBuffer.Undefined;
        array.Write(1 << 20, piece => output.Continue(piece.Span));
        return new MetadataBuffer().U8(3).U8(1).U64(address).U64(array.Bytes).ToArray();
    }

    private static byte[] WriteChunks(Hdf5Output output, NamedArray array)
    {
        long[] chunk = ChunkShape(array.Shape, array.Type.Size);
        var grid = new ChunkGrid(array.Shape, chunk);
        var packer = new ChunkPacker(output, grid, array.Type.Size);
        array.Write(1 << 18, piece => packer.Add(piece.Span));
        long[] behind = [.. packer.LastOrigin.Select((o, i) => o + chunk[i])];
        long tree = BTreeBytes.Write(output, BTree1.ChunkNode, ChunkRank, packer.Children, ChunkPacker.Key(0, behind));
        MetadataBuffer layout = new MetadataBuffer().U8(3).U8(2).U8(chunk.Length + 1).U64(tree);
        foreach (long extent in chunk)
        {
            layout.U32(extent);
        }
        return layout.U32(array.Type.Size).ToArray();
    }

    private static byte[] Pipeline(int elementSize) => new MetadataBuffer().U8(1).U8(2).U16(0).U32(0)
        .U16(Filter.Shuffle).U16(8).U16(1).U16(1).Ascii("shuffle").U8(0).U32(elementSize).U32(0)
        .U16(Filter.Deflate).U16(8).U16(1).U16(1).Ascii("deflate").U8(0).U32(DeflateLevel).U32(0).ToArray();

    /// <summary>Cuts the stream of elements into chunks, which are runs of it, and writes each shuffled and deflated.</summary>
    private sealed class ChunkPacker(Hdf5Output output, ChunkGrid grid, int elementSize)
    {
        private readonly byte[] current = new byte[ArrayEntry.Product(grid.Chunk) * elementSize];
        private int filled;
        private long number;

        public List<BTreeBytes.Child> Children { get; } = [];

        public long[] LastOrigin { get; } = new long[grid.Rank];

        /// <summary>Stored size, no filter skipped, first element of the chunk, zero for the element's own dimension.</summary>
        public static byte[] Key(long storedBytes, long[] origin)
        {
            MetadataBuffer key = new MetadataBuffer().U32(storedBytes).U32(0);
            foreach (long first in origin)
            {
                key.U64(first);
            }
            return key.U64(0).ToArray();
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                int here = (int)Math.Min(bytes.Length, InsideBytes() - filled);
                bytes[..here].CopyTo(current.AsSpan(filled));
                bytes = bytes[here..];
                filled += here;
                if (filled == InsideBytes())
                {
                    Flush();
                }
            }
        }

        /// <summary>Bytes of the current chunk that lie within the array; only along its split extent can it hang over.</summary>
        private long InsideBytes()
        {
            grid.Origin(number, LastOrigin);
            long inside = elementSize;
            for (int i = 0; i < grid.Rank; i++)
            {
                inside *= Math.Min(grid.Chunk[i], grid.Shape[i] - LastOrigin[i]);
            }
            return inside;
        }

        private void Flush()
        {
            current.AsSpan(filled).Clear();
            byte[] shuffled = new byte[current.Length];
            Shuffle.Apply(current, shuffled, elementSize);
            var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                zlib.Write(shuffled);
            }
            long address = output.Append(packed.GetBuffer().AsSpan(0, (int)packed.Length));
            Children.Add(new BTreeBytes.Child(Key(packed.Length, LastOrigin), address));
            filled = 0;
            number++;
        }
    }
}
