namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>Version 1 B-trees (III.A.1), which index the symbol table nodes of old groups and the chunks of datasets.</summary>
internal static class BTree1
{
    public const int GroupNode = 0;
    public const int ChunkNode = 1;

    /// <summary>What receives a leaf's entry: the cursor stands at the key, the address is the child's.</summary>
    public delegate void Entry(ref Hdf5Cursor key, long child);

    /// <summary>Addresses of everything that the leaves point to, from left to right.</summary>
    public static List<long> Children(Hdf5Access access, long root, int type, int keySize, int rank)
    {
        var children = new List<long>();
        Walk(access, root, type, keySize, rank, (ref Hdf5Cursor _, long child) => children.Add(child));
        return children;
    }

    /// <summary>Visits the entries of all leaves from left to right. An undefined root is an empty tree.</summary>
    /// <param name="access">The file.</param>
    /// <param name="root">Address of the root node.</param>
    /// <param name="type">What every node must be: <see cref="GroupNode"/> or <see cref="ChunkNode"/>.</param>
    /// <param name="keySize">Bytes of a key.</param>
    /// <param name="rank">Half the most entries of a node.</param>
    /// <param name="visit">Called for each entry of level 0.</param>
    /// <exception cref="FileFormatException">A node is of another type or level than its parent demands, has too many entries, or is met
    /// twice.</exception>
    public static void Walk(Hdf5Access access, long root, int type, int keySize, int rank, Entry visit)
    {
        if (root < 0)
        {
            return;
        }
        var seen = new HashSet<long>();
        var stack = new Stack<(long Address, int Level)>([(root, -1)]);
        int offsetSize = access.Superblock.OffsetSize;
        while (stack.TryPop(out (long Address, int Level) at))
        {
            if (!seen.Add(at.Address))
            {
                throw access.File.Fault(at.Address, "a B-tree node is its own descendant, or has two parents");
            }
            Hdf5Cursor head = access.Read(at.Address, 8 + (2 * offsetSize), "TREE"u8, "B-tree node");
            (int nodeType, int level, int count) = (head.U8(), head.U8(), head.U16());
            head.Require(nodeType == type, $"node type must be {type}; is {nodeType}");
            head.Require(at.Level < 0 || level == at.Level, $"level must be {at.Level}, one below its parent's; is {level}");
            head.Require(count <= 2 * rank, $"at most {2 * rank} entries; has {count}");
            Hdf5Cursor body = access.Read(at.Address + 8 + (2 * offsetSize),
                ((long)count * (keySize + offsetSize)) + (count > 0 ? keySize : 0), "B-tree node");
            var below = new long[level > 0 ? count : 0];
            for (int i = 0; i < count; i++)
            {
                Hdf5Cursor key = body.Part(keySize, "B-tree key");
                long child = body.Offset();
                body.Require(child >= 0, "a child has no address");
                if (level == 0)
                {
                    visit(ref key, child);
                }
                else
                {
                    below[i] = child;
                }
            }
            for (int i = below.Length - 1; i >= 0; i--)
            {
                stack.Push((below[i], level - 1));
            }
        }
    }
}
