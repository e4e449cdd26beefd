using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5;

/// <summary>
/// Everything a file holds, found by walking from the root through its hard links: each object once, under the first path that leads to it.
/// Soft and external links are recorded, not followed.
/// </summary>
internal sealed class Hdf5Listing
{
    /// <summary>Deeper than any model nests its layers; paths grow with depth, so that depth must have an end.</summary>
    private const int Deepest = 1024;

    private readonly Hdf5Access access;
    private readonly ReadLimits limits;
    private readonly Dictionary<long, string> pathOf = [];
    private readonly Dictionary<long, string> dataOf = [];
    private readonly Stack<(string Path, long Address, int Depth)> pending = new();
    private long pathBudget;

    private Hdf5Listing(Hdf5Access access, ReadLimits limits)
    {
        (this.access, this.limits) = (access, limits);
        pathBudget = (8 * access.File.Length) + (1 << 20);
    }

    public List<ArrayEntry> Arrays { get; } = [];

    /// <summary>Groups with their number of links.</summary>
    public Dictionary<string, int> Groups { get; } = new(StringComparer.Ordinal);

    public List<string> GroupOrder { get; } = [];

    /// <summary>Links that are not the first path to an object: soft, external, and further hard links (with the first path as
    /// target).</summary>
    public Dictionary<string, Link> Links { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyDictionary<string, ArrayAttribute>> Attributes { get; } = new(StringComparer.Ordinal);

    public List<RefusedObject> Refused { get; } = [];

    /// <exception cref="FileFormatException">The root group cannot be read.</exception>
    public static Hdf5Listing Read(Hdf5Access access, ReadLimits limits)
    {
        var listing = new Hdf5Listing(access, limits);
        long root = access.Superblock.Root;
        listing.pathOf.Add(root, "");
        ObjectHeader header = ObjectHeader.Read(access, root);
        listing.AddGroup("", header, 0);
        while (listing.pending.TryPop(out (string Path, long Address, int Depth) next))
        {
            listing.Visit(next.Path, next.Address, next.Depth);
        }
        return listing;
    }

    private void Visit(string path, long address, int depth)
    {
        if (!pathOf.TryAdd(address, path))
        {
            Links.Add(path, new Link(path, LinkKind.Hard, address, pathOf[address]));
            return;
        }
        try
        {
            ObjectHeader header = ObjectHeader.Read(access, address);
            if (Hdf5Group.IsGroup(header))
            {
                AddGroup(path, header, depth);
            }
            else if (header.Find(MessageType.DataLayout) is not null || header.Find(MessageType.Dataspace) is not null)
            {
                AddDataset(path, header);
            }
            else if (header.Find(MessageType.Datatype) is null)
            {
                Refused.Add(new RefusedObject(path, $"neither group, dataset nor datatype (at byte {address})"));
            }
        }
        catch (FileFormatException fault)
        {
            Refused.Add(new RefusedObject(path, fault.Reason));
        }
    }

    private void AddGroup(string path, ObjectHeader header, int depth)
    {
        List<Link> links = Hdf5Group.Links(access, header);
        Groups.Add(path, links.Count);
        GroupOrder.Add(path);
        AddAttributes(path, header);
        // In reverse onto the stack: the first link is visited first, with all that is below it.
        foreach (Link link in Enumerable.Reverse(links))
        {
            string child = path.Length == 0 ? link.Name : $"{path}/{link.Name}";
            pathBudget -= child.Length;
            if (depth >= Deepest || pathBudget < 0)
            {
                throw access.File.Fault(header.Address,
                    $"groups nest deeper than {Deepest}, or their paths pass eight times the file's length");
            }
            if (link.Kind == LinkKind.Hard)
            {
                pending.Push((child, link.Address, depth + 1));
            }
            else
            {
                Links.Add(child, link);
            }
        }
    }

    private void AddDataset(string path, ObjectHeader header)
    {
        AddAttributes(path, header);
        try
        {
            bool saysBrainFloat = Attributes.TryGetValue(path, out IReadOnlyDictionary<string, ArrayAttribute>? attributes)
                && attributes.TryGetValue("dtype", out ArrayAttribute? dtype) && dtype.Text == "bfloat16";
            Dataset dataset = Dataset.Read(access, header, limits, saysBrainFloat);
            Arrays.Add(new ArrayEntry(path, dataset.Type.Element, dataset.Space.Shape, dataset.Storage)
            {
                Dtype = dataset.Type.Element.Kind == ElementKind.Other ? dataset.Type.ClassName : dataset.Type.Element.Dtype,
                Count = dataset.Space.Count,
                IsNull = dataset.Space.IsNull,
                Refusal = dataset.Refusal ?? SharedDataRefusal(path, dataset),
                Source = dataset,
            });
        }
        catch (FileFormatException fault)
        {
            Arrays.Add(new ArrayEntry(path, new ElementType(ElementKind.Other, 0), [], "") { Count = 0, Refusal = fault.Reason });
        }
    }

    /// <summary>No two datasets have their data in one place; a file in which they do can be made to unpack without end.</summary>
    private string? SharedDataRefusal(string path, Dataset dataset)
    {
        long address = dataset.Layout switch
        {
            DataLayout.Contiguous contiguous when dataset.Bytes > 0 => contiguous.Address,
            DataLayout.Chunked chunked => chunked.Index.Address,
            _ => -1,
        };
        return address < 0 || dataOf.TryAdd(address, path) ? null : $"its data is that of '{dataOf[address]}'";
    }

    private void AddAttributes(string path, ObjectHeader header)
    {
        var values = new Dictionary<string, ArrayAttribute>(StringComparer.Ordinal);
        Hdf5Attributes.Read(access, header, path, values, Refused);
        if (values.Count > 0)
        {
            Attributes.Add(path, values);
        }
    }
}
