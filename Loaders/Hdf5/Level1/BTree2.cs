namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>
/// Version 2 B-trees (III.A.2): links and attributes by name or order of creation, huge heap objects, chunks. Records stand in inner nodes
/// too; a walk gives all of them from left to right.
/// </summary>
internal static class BTree2
{
    /// <summary>Huge objects of an unfiltered fractal heap: address, length, number.</summary>
    public const int HugeObjects = 1;

    /// <summary>Links by name: hash, heap ID of 7 bytes.</summary>
    public const int LinkNames = 5;

    /// <summary>Attributes by name: heap ID of 8 bytes, message flags, order, hash.</summary>
    public const int AttributeNames = 8;

    /// <summary>Chunks without filters: address, position in chunks.</summary>
    public const int Chunks = 10;

    /// <summary>Chunks with filters: address, stored size, filter mask, position in chunks.</summary>
    public const int FilteredChunks = 11;

    public delegate void Record(ref Hdf5Cursor record);

    /// <summary>Visits all records. An undefined address is an empty tree.</summary>
    /// <exception cref="FileFormatException">The tree is of another type, or damaged: checksums, counts that exceed a node, nodes met
    /// twice.</exception>
    public static void Walk(Hdf5Access access, long address, int type, Record visit)
    {
        if (address < 0)
        {
            return;
        }
        int offsetSize = access.Superblock.OffsetSize;
        Hdf5Cursor cursor = access.Read(address, 22 + offsetSize + access.Superblock.LengthSize, "BTHD"u8, "version 2 B-tree");
        int version = cursor.U8(), stored = cursor.U8();
        cursor.Require(version == 0 && stored == type, $"must have version 0 and type {type}; has {version} and {stored}");
        long nodeSize = cursor.U32();
        int recordSize = cursor.U16(), depth = cursor.U16();
        cursor.Skip(2);
        long root = cursor.Offset();
        int count = cursor.U16();
        long total = cursor.Length();
        cursor.Checksum();
        cursor.Require(recordSize > 0 && nodeSize > 10 + recordSize, $"a node of {nodeSize} bytes holds no record of {recordSize}");
        cursor.Require(total <= access.File.Length / recordSize, $"{total} records of {recordSize} bytes do not fit the file");
        cursor.Require(depth <= 16, $"a depth of {depth} is beyond any file");
        if (root >= 0)
        {
            var walker = new Walker(access, type, nodeSize, recordSize, depth, visit);
            walker.Visit(root, depth, count);
            cursor.Require(walker.Records == total, $"must hold {total} records; {walker.Records} were found");
        }
    }

    /// <summary>The walk through one tree; recursion is as deep as the tree, at most 16.</summary>
    private sealed class Walker
    {
        private readonly Hdf5Access access;
        private readonly int type, recordSize, countSize;
        private readonly Record visit;
        private readonly HashSet<long> seen = [];

        /// <summary>By height above the leaves: most records of a node, and bytes of the count of a subtree's records.</summary>
        private readonly long[] most;
        private readonly int[] subtreeSize;

        public Walker(Hdf5Access access, int type, long nodeSize, int recordSize, int depth, Record visit)
        {
            (this.access, this.type, this.recordSize, this.visit) = (access, type, recordSize, visit);
            most = new long[depth + 1];
            subtreeSize = new int[depth + 1];
            // 10 bytes are signature, version, type and checksum.
            most[0] = (nodeSize - 10) / recordSize;
            countSize = BytesFor((UInt128)most[0]);
            UInt128 below = (UInt128)most[0];
            for (int height = 1; height <= depth; height++)
            {
                int pointer = access.Superblock.OffsetSize + countSize + subtreeSize[height - 1];
                most[height] = (nodeSize - 10 - pointer) / (recordSize + pointer);
                below = UInt128.Min(((UInt128)Math.Max(0, most[height]) + 1) * below + (UInt128)Math.Max(0, most[height]), ulong.MaxValue);
                subtreeSize[height] = BytesFor(below);
            }
        }

        public long Records { get; private set; }

        public void Visit(long address, int height, int count)
        {
            int pointer = height == 0 ? 0 : access.Superblock.OffsetSize + countSize + subtreeSize[height - 1];
            long length = 10 + ((long)count * recordSize) + (height == 0 ? 0 : (count + 1L) * pointer);
            Hdf5Cursor node = access.Read(address, length, height == 0 ? "BTLF"u8 : "BTIN"u8, "version 2 B-tree node");
            int version = node.U8(), stored = node.U8();
            node.Require(version == 0 && stored == type, $"must have version 0 and type {type}; has {version} and {stored}");
            node.Require(count <= most[height], $"at most {most[height]} records; has {count}");
            node.Require(seen.Add(address), "it is met twice");
            int records = node.Position;
            node.Skip(length - 10);
            node.Checksum();
            Hdf5Cursor body = access.Read(address + records, length - 10, "version 2 B-tree node");
            Hdf5Cursor all = body.Part((long)count * recordSize, "version 2 B-tree record");
            for (int i = 0; i <= count; i++)
            {
                if (height > 0)
                {
                    long child = body.Offset();
                    body.Require(child >= 0, "a child has no address");
                    long below = body.Number(countSize);
                    body.Skip(subtreeSize[height - 1]);
                    Visit(child, height - 1, (int)Math.Min(below, int.MaxValue));
                }
                if (i < count)
                {
                    Hdf5Cursor record = all.Part(recordSize, "version 2 B-tree record");
                    visit(ref record);
                    Records++;
                }
            }
        }

        private static int BytesFor(UInt128 limit) => limit == 0 ? 1 : ((int)UInt128.Log2(limit) / 8) + 1;
    }
}
