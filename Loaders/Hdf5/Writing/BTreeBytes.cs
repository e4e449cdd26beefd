namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>A version 1 B-tree built from the bottom: nodes of up to 2·rank children, then nodes over these, until one is left. Nodes are
/// written at full size, as the library expects to read them.</summary>
internal static class BTreeBytes
{
    /// <summary>A child with the key on its left.</summary>
    public readonly record struct Child(byte[] Key, long Address);

    /// <summary>Writes the tree over <paramref name="children"/> and returns the root's address. <paramref name="lastKey"/> stands right of
    /// the last child.</summary>
    public static long Write(Hdf5Output output, int type, int rank, List<Child> children, byte[] lastKey)
    {
        for (int level = 0; ; level++)
        {
            Child[][] nodes = [.. children.Chunk(2 * rank)];
            if (nodes.Length <= 1)
            {
                return output.Append(Node(type, level, rank, nodes.Length == 0 ? [] : nodes[0], lastKey, MetadataBuffer.Undefined,
                    MetadataBuffer.Undefined));
            }
            int size = Size(rank, lastKey.Length);
            long first = output.Align();
            var above = new List<Child>(nodes.Length);
            for (int i = 0; i < nodes.Length; i++)
            {
                long left = i > 0 ? first + ((long)(i - 1) * size) : MetadataBuffer.Undefined;
                long right = i + 1 < nodes.Length ? first + ((long)(i + 1) * size) : MetadataBuffer.Undefined;
                byte[] next = i + 1 < nodes.Length ? nodes[i + 1][0].Key : lastKey;
                above.Add(new Child(nodes[i][0].Key, output.Append(Node(type, level, rank, nodes[i], next, left, right))));
            }
            children = above;
        }
    }

    private static int Size(int rank, int keySize) => 24 + (2 * rank * (keySize + 8)) + keySize;

    private static byte[] Node(int type, int level, int rank, Child[] children, byte[] lastKey, long left, long right)
    {
        MetadataBuffer node = new MetadataBuffer().Ascii("TREE").U8(type).U8(level).U16(children.Length).U64(left).U64(right);
        foreach (Child child in children)
        {
            node.Raw(child.Key).U64(child.Address);
        }
        return node.Raw(children.Length > 0 ? lastKey : []).PadTo(Size(rank, lastKey.Length)).ToArray();
    }
}
