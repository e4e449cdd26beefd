using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>An old-style group (III.A.1, III.B): a B-tree whose leaves lead to symbol table nodes, whose entries name their objects through
/// a local heap.</summary>
internal static class SymbolTable
{
    private const int SoftLinkEntry = 2;

    /// <summary>All links of the group whose B-tree and heap are given, in the order of the tree.</summary>
    public static List<Link> Read(Hdf5Access access, long tree, long heapAddress)
    {
        LocalHeap heap = LocalHeap.Read(access, heapAddress);
        var links = new List<Link>();
        foreach (long node in BTree1.Children(access, tree, BTree1.GroupNode, access.Superblock.LengthSize,
            access.Superblock.GroupInternalK))
        {
            ReadNode(access, node, heap, links);
        }
        return links;
    }

    private static void ReadNode(Hdf5Access access, long address, LocalHeap heap, List<Link> links)
    {
        Hdf5Cursor head = access.Read(address, 8, "SNOD"u8, "symbol table node");
        int version = head.U8();
        head.Require(version == 1, $"version must be 1; is {version}");
        head.Skip(1);
        int count = head.U16();
        int most = 2 * access.Superblock.GroupLeafK;
        head.Require(count <= most, $"at most {most} entries; has {count}");
        Hdf5Cursor entries = access.Read(address + 8, (long)count * ((2 * access.Superblock.OffsetSize) + 24), "symbol table entries");
        for (int i = 0; i < count; i++)
        {
            long nameOffset = entries.Number(access.Superblock.OffsetSize);
            long target = entries.Offset();
            uint cache = entries.U32();
            entries.Skip(4);
            Hdf5Cursor scratch = entries.Part(16, "symbol table entry");
            string name = LinkName.Decode(ref entries, heap.Text(nameOffset));
            links.Add(cache == SoftLinkEntry
                ? new Link(name, LinkKind.Soft, -1, ArrayFile.DecodeBytes(heap.Text(scratch.U32())))
                : new Link(name, LinkKind.Hard, target));
        }
    }
}
