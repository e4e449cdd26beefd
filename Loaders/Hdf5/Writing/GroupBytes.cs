using System.Text;
using NativeFree.Loaders.Hdf5.Level1;

namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>An object that a group names; groups carry the addresses of their own tree and heap, which the entry caches.</summary>
internal readonly record struct WrittenObject(long Header, long Tree = MetadataBuffer.Undefined, long Heap = MetadataBuffer.Undefined)
{
    /// <summary>A symbol table entry (III.C) for the object under the name at <paramref name="nameOffset"/>.</summary>
    public void WriteEntry(MetadataBuffer into, long nameOffset)
    {
        bool group = Tree != MetadataBuffer.Undefined;
        into.U64(nameOffset).U64(Header).U32(group ? 1 : 0).U32(0).U64(group ? Tree : 0).U64(group ? Heap : 0);
    }
}

/// <summary>The symbol table of an old-style group: names in a local heap, entries in nodes of up to eight, a B-tree over the
/// nodes.</summary>
internal static class GroupBytes
{
    public const int LeafRank = 4, TreeRank = 16;
    private const int NodeSize = 8 + (2 * LeafRank * 40);

    /// <summary>Writes the table of <paramref name="links"/> and returns the addresses of tree and heap.</summary>
    public static (long Tree, long Heap) Write(Hdf5Output output, IReadOnlyDictionary<string, WrittenObject> links)
    {
        (byte[] Name, WrittenObject Target)[] sorted = [.. links.Select(l => (Encoding.UTF8.GetBytes(l.Key), l.Value))];
        Array.Sort(sorted, (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        // Offset 0 of the heap is the empty name, left key of every tree.
        MetadataBuffer names = new MetadataBuffer().U64(0);
        var children = new List<BTreeBytes.Child>();
        long leftKey = 0;
        foreach ((byte[] Name, WrittenObject Target)[] some in sorted.Chunk(2 * LeafRank))
        {
            MetadataBuffer node = new MetadataBuffer().Ascii("SNOD").U8(1).U8(0).U16(some.Length);
            long last = 0;
            foreach ((byte[] name, WrittenObject target) in some)
            {
                last = names.Length;
                names.Raw(name).U8(0).Align();
                target.WriteEntry(node, last);
            }
            children.Add(new BTreeBytes.Child(Key(leftKey), output.Append(node.PadTo(NodeSize).ToArray())));
            // A child holds the names above its left key, up to and including its right one.
            leftKey = last;
        }
        long tree = BTreeBytes.Write(output, BTree1.GroupNode, TreeRank, children, Key(leftKey));
        long data = output.Append(names.ToArray());
        // 1 is the library's "no free block".
        long heap = output.Append(new MetadataBuffer().Ascii("HEAP").U32(0).U64(names.Length).U64(1).U64(data).ToArray());
        return (tree, heap);
    }

    private static byte[] Key(long nameOffset) => new MetadataBuffer().U64(nameOffset).ToArray();
}
