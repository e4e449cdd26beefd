using System.Buffers.Binary;
using NativeFree.Loaders.Hdf5.Level2;
using NativeFree.Loaders.Hdf5.Writing;

namespace NativeFree.Loaders;

/// <summary>How the texts of an attribute are stored. Every generation of h5py reads both; the kinds differ in what Python sees.</summary>
public enum TextStorage
{
    /// <summary>Bytes of one length, zeros behind, as h5py 2 stored lists of names: Python sees <c>bytes</c>, on which Keras 2 calls
    /// <c>decode</c>.</summary>
    Fixed,

    /// <summary>UTF-8 of any length, as h5py stores a Python <c>str</c>. The only kind for a text beyond 64 KiB.</summary>
    Variable,
}

/// <summary>
/// Collects groups, arrays and attributes and writes them as an HDF5 file that every version of the HDF5 library reads: superblock 0,
/// symbol tables, version 1 headers, contiguous or
/// (<see cref="Compressed"/>) shuffled and gzipped chunks. No dates are stored: the same contents give the same bytes.
/// </summary>
public sealed class Hdf5Writer
{
    /// <summary>Keras's HDF5_OBJECT_HEADER_LIMIT: longer lists of names are split, to stay below the 64 KiB of a header message.</summary>
    private const int LongestNames = 64512;

    private readonly Node root = new();

    /// <summary>Whether arrays are chunked, shuffled and deflated (level 6) rather than contiguous. Scalars and empty arrays stay
    /// contiguous.</summary>
    public bool Compressed { get; init; }

    /// <summary>Makes sure that the group at <paramref name="path"/> and those above it exist. The root, <c>""</c> or <c>"/"</c>, always
    /// does.</summary>
    /// <exception cref="ArgumentException">Part of the path is an array, is <c>.</c>, or has a control character.</exception>
    public void AddGroup(string path) => At(path, create: true);

    /// <summary>Adds an array under its name, and the groups above it.</summary>
    /// <exception cref="ArgumentException">There is something of that name, or part of the path is an array.</exception>
    public void Add(NamedArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        Node parent = At(array.Name[..Math.Max(0, array.Name.LastIndexOf('/'))], create: true);
        string name = Checked(array.Name[(array.Name.LastIndexOf('/') + 1)..]);
        if (!parent.Children.TryAdd(name, new Node { Array = array.Encoded(ElementKind.FixedText) }))
        {
            throw new ArgumentException($"there are two objects called '{array.Name}'", nameof(array));
        }
    }

    /// <summary>Sets a text on the group or array at <paramref name="path"/>, which must exist; an attribute of the same name is
    /// replaced.</summary>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="path"/>.</exception>
    public void SetAttribute(string path, string name, string text, TextStorage storage = TextStorage.Fixed) =>
        Set(path, storage == TextStorage.Fixed
            ? AttributeToWrite.Fixed(name, [], [text])
            : AttributeToWrite.VariableLength(name, [], [text]));

    /// <summary>Sets a list of texts; an empty one becomes float64 of shape (0,), as h5py writes it.</summary>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="path"/>.</exception>
    public void SetAttribute(string path, string name, IReadOnlyList<string> texts, TextStorage storage = TextStorage.Fixed)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Set(path, texts.Count == 0 ? AttributeToWrite.Empty(name)
            : storage == TextStorage.Fixed ? AttributeToWrite.Fixed(name, [texts.Count], texts)
                : AttributeToWrite.VariableLength(name, [texts.Count], texts));
    }

    /// <summary>Sets a float64 scalar.</summary>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="path"/>.</exception>
    public void SetAttribute(string path, string name, double number)
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(data, number);
        Set(path, AttributeToWrite.Number(name, new ElementType(ElementKind.Float, 8), data));
    }

    /// <summary>Sets an int64 scalar.</summary>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="path"/>.</exception>
    public void SetAttribute(string path, string name, long number)
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(data, number);
        Set(path, AttributeToWrite.Number(name, new ElementType(ElementKind.Signed, 8), data));
    }

    /// <summary>
    /// Sets a list of names as Keras does for <c>layer_names</c> and <c>weight_names</c>: one attribute of fixed texts, or, beyond 64,512
    /// bytes, <c>name0</c>, <c>name1</c> … of nearly equal numbers of names
    /// (numpy.array_split), as few as keep each below that.
    /// </summary>
    /// <exception cref="ArgumentException">There is nothing at <paramref name="path"/>, or a single name is longer than 64,512
    /// bytes.</exception>
    public void SetNames(string path, string name, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        long width = names.Max(n => (long?)System.Text.Encoding.UTF8.GetByteCount(n)) ?? 0;
        if (width > LongestNames)
        {
            throw new ArgumentException($"{name}: a name may have {LongestNames} bytes; one has {width}", nameof(names));
        }
        int parts = 1;
        while (ChunkGridCeiling(names.Count, parts) * width > LongestNames)
        {
            parts++;
        }
        int start = 0;
        for (int part = 0; part < parts; part++)
        {
            int count = (names.Count / parts) + (part < names.Count % parts ? 1 : 0);
            SetAttribute(path, parts == 1 ? name : $"{name}{part}", [.. names.Skip(start).Take(count)]);
            start += count;
        }
    }

    /// <summary>Writes everything in place of the file at <paramref name="path"/> (see <see cref="AtomicFile"/>).</summary>
    /// <exception cref="ArgumentException">An attribute has more than 65,528 bytes.</exception>
    /// <exception cref="IOException">As thrown by the file system.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        var output = new Hdf5Output(stream);
        output.Append(new byte[96]);
        var heap = new GlobalHeapBytes(output);
        CollectTexts(root, heap);
        heap.Flush();
        WrittenObject written = WriteNode(output, root);
        output.PutFirst(Superblock(output.Align(), written));
    });

    private static long ChunkGridCeiling(long count, long parts) => (count + parts - 1) / parts;

    private static byte[] Superblock(long end, WrittenObject rootGroup)
    {
        MetadataBuffer superblock = new MetadataBuffer().Raw(Container.Hdf5Signature).U32(0).U8(0).U8(8).U8(8).U8(0).U16(GroupBytes.LeafRank).U16(GroupBytes.TreeRank).U32(0)
            .U64(0).U64(MetadataBuffer.Undefined).U64(end).U64(MetadataBuffer.Undefined);
        rootGroup.WriteEntry(superblock, 0);
        return superblock.ToArray();
    }

    private static void CollectTexts(Node node, GlobalHeapBytes heap)
    {
        foreach (AttributeToWrite attribute in node.Attributes.Values.Where(a => a.Variable.Length > 0))
        {
            node.References[attribute.Name] = heap.Add(attribute.Variable);
        }
        foreach (Node child in node.Children.Values)
        {
            CollectTexts(child, heap);
        }
    }

    private WrittenObject WriteNode(Hdf5Output output, Node node)
    {
        var header = new ObjectHeaderBytes();
        var written = default(WrittenObject);
        if (node.Array is { } array)
        {
            DatasetBytes.Write(output, array, Compressed, header);
        }
        else
        {
            var links = node.Children.ToDictionary(c => c.Key, c => WriteNode(output, c.Value), StringComparer.Ordinal);
            (long tree, long heap) = GroupBytes.Write(output, links);
            written = new WrittenObject(0, tree, heap);
            header.Add(MessageType.SymbolTable, new MetadataBuffer().U64(tree).U64(heap).ToArray());
        }
        foreach (AttributeToWrite attribute in node.Attributes.Values)
        {
            byte[] data = node.References.TryGetValue(attribute.Name, out MetadataBuffer? references) ? references.ToArray() : attribute.Data;
            header.Add(MessageType.Attribute, attribute.Message(data));
        }
        long address = output.Append(header.ToArray());
        return node.Array is null ? written with { Header = address } : new WrittenObject(address);
    }

    private void Set(string path, AttributeToWrite attribute) => At(path, create: false).Attributes[attribute.Name] = attribute;

    private Node At(string path, bool create)
    {
        ArgumentNullException.ThrowIfNull(path);
        Node node = root;
        foreach (string step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!node.Children.TryGetValue(step, out Node? next))
            {
                next = new Node();
                if (!create)
                {
                    throw new ArgumentException($"there is no group or array '{path}'", nameof(path));
                }
                node.Children.Add(Checked(step), next);
            }
            node = next;
            if (create && node.Array is not null)
            {
                throw new ArgumentException($"'{step}' in '{path}' is an array, which nothing can be inside of", nameof(path));
            }
        }
        return node;
    }

    private static string Checked(string name) => name.Length == 0 || name == "." || name.Any(char.IsControl)
        ? throw new ArgumentException($"'{name}' cannot be the name of a group or array", nameof(name))
        : name;

    /// <summary>A group, or an array if it has one. Children and attributes keep the order in which they came.</summary>
    private sealed class Node
    {
        public NamedArray? Array { get; init; }

        public OrderedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public OrderedDictionary<string, AttributeToWrite> Attributes { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, MetadataBuffer> References { get; } = new(StringComparer.Ordinal);
    }
}
