using NativeFree.Loaders.Hdf5.Level1;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5;

/// <summary>The links of a group, however it stores them: symbol table, link messages in its header, or a heap with a B-tree.</summary>
internal static class Hdf5Group
{
    public static bool IsGroup(ObjectHeader header) =>
        header.Find(MessageType.SymbolTable) is not null || header.Find(MessageType.LinkInfo) is not null
            || header.Find(MessageType.GroupInfo) is not null || header.Find(MessageType.Link) is not null;

    /// <summary>All links; in order of creation where the group records it, else by name.</summary>
    /// <exception cref="FileFormatException">The group is damaged, or two links have one name.</exception>
    public static List<Link> Links(Hdf5Access access, ObjectHeader header)
    {
        var links = new List<Link>();
        bool ordered = false;
        foreach (HeaderMessage message in header.Messages)
        {
            switch (message.Type)
            {
                case MessageType.SymbolTable:
                    Hdf5Cursor table = header.Open(access, message);
                    long tree = table.Offset();
                    links.AddRange(SymbolTable.Read(access, tree, table.Offset()));
                    break;
                case MessageType.Link:
                    Hdf5Cursor link = header.Open(access, message);
                    links.Add(LinkMessage.Read(ref link));
                    break;
                case MessageType.LinkInfo:
                    Hdf5Cursor info = header.Open(access, message);
                    ordered |= ReadInfo(access, ref info, links);
                    break;
                default:
                    break;
            }
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Link link in links)
        {
            if (!names.Add(link.Name))
            {
                throw access.File.Fault(header.Address, $"two links of a group are called '{link.Name}'");
            }
        }
        links.Sort(ordered ? (a, b) => a.Order.CompareTo(b.Order) : (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return links;
    }

    /// <summary>Adds the links that lie in a heap; true when the group records the order of creation.</summary>
    private static bool ReadInfo(Hdf5Access access, ref Hdf5Cursor info, List<Link> links)
    {
        int version = info.U8();
        info.Require(version == 0, $"version must be 0; is {version}");
        bool ordered = (info.U8() & 1) != 0;
        info.Skip(ordered ? 8 : 0);
        long heapAddress = info.Offset();
        long tree = info.Offset();
        if (heapAddress >= 0)
        {
            FractalHeap heap = access.FractalHeapAt(heapAddress);
            BTree2.Walk(access, tree, BTree2.LinkNames, (ref Hdf5Cursor record) =>
            {
                record.Skip(4);
                Hdf5Cursor body = heap.Open(record.Bytes(record.Left), "link");
                links.Add(LinkMessage.Read(ref body));
            });
        }
        return ordered;
    }
}
