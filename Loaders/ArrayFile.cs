using System.Collections.Frozen;

namespace NativeFree.Loaders;

/// <summary>
/// A file of named arrays: HDF5, npz, npy, or the HDF5 file inside a Keras archive. Knows nothing of models.
/// </summary>
/// <remarks>
/// Opening reads names, types, shapes and attributes, never values; big plain files are memory-mapped and must not be shortened while open.
/// Any number of threads may read at the same time, different arrays or the same; <see cref="Dispose"/> takes effect when they are done.
/// Elements are always delivered in C order of the shape, whatever the order in the file.
/// </remarks>
public abstract partial class ArrayFile : IDisposable
{
    private static readonly IReadOnlyDictionary<string, ArrayAttribute> NoAttributes = FrozenDictionary<string, ArrayAttribute>.Empty;
    private readonly Dictionary<string, ArrayEntry> byName = new(StringComparer.Ordinal);

    private protected ArrayFile(string path) => Path = path;

    /// <summary>The path that was opened, as given.</summary>
    public string Path { get; }

    /// <summary><c>hdf5</c>, <c>npz</c>, <c>npy</c> or <c>keras</c>. A gzip wrapper does not show.</summary>
    public abstract string Kind { get; }

    /// <summary>Every array, the refused ones among them. HDF5: depth first, by name, or in order of creation where the group records it;
    /// npz: by name; one object with several links once.</summary>
    public IReadOnlyList<ArrayEntry> Arrays { get; private set; } = [];

    /// <summary>Paths of all groups without leading <c>/</c>, the root as the empty text, in the order of <see cref="Arrays"/>. Only HDF5
    /// has groups.</summary>
    public virtual IReadOnlyList<string> Groups => [];

    /// <summary>What was met and refused other than arrays. Nothing here stops the rest from being read.</summary>
    public virtual IReadOnlyList<RefusedObject> Refused => [];

    /// <summary>Paths of all objects that carry attributes, without leading <c>/</c>.</summary>
    public virtual IReadOnlyCollection<string> ObjectsWithAttributes => [];

    /// <summary>The texts beside the weights of a Keras archive, <c>config.json</c> and <c>metadata.json</c>, by member name. Empty for
    /// other kinds.</summary>
    public virtual IReadOnlyDictionary<string, string> Texts => FrozenDictionary<string, string>.Empty;

    /// <summary>Attributes of the object at <paramref name="path"/> (leading <c>/</c> optional; empty: the root); none if it has none or
    /// does not exist.</summary>
    public virtual IReadOnlyDictionary<string, ArrayAttribute> Attributes(string path) => NoAttributes;

    /// <summary>The array called <paramref name="name"/>, a leading <c>/</c> ignored; links inside an HDF5 file are followed. Null when
    /// there is none.</summary>
    /// <exception cref="FileFormatException">The name leads over an external link or a circle of links.</exception>
    public virtual ArrayEntry? Find(string name) => byName.GetValueOrDefault(name) ?? byName.GetValueOrDefault(name.TrimStart('/'));

    /// <summary>The array called <paramref name="name"/>.</summary>
    /// <exception cref="FileFormatException">There is no such array.</exception>
    public ArrayEntry this[string name] => Find(name)
        ?? throw new FileFormatException(Path, $"no array is called '{name}'; {NamesNear(name)}");

    /// <summary>Puts the finished listing in place. Names are unique by then.</summary>
    private protected void SetArrays(IReadOnlyList<ArrayEntry> arrays)
    {
        Arrays = arrays;
        foreach (ArrayEntry entry in arrays)
        {
            entry.Owner = this;
            byName.Add(entry.Name, entry);
        }
    }

    private string NamesNear(string name)
    {
        string last = name[(name.LastIndexOf('/') + 1)..];
        string[] near = [.. Arrays.Select(a => a.Name).Where(n => n.EndsWith(last, StringComparison.Ordinal)).Take(5)];
        near = near.Length > 0 ? near : [.. Arrays.Select(a => a.Name).Take(5)];
        return near.Length > 0 ? $"it holds {Arrays.Count}, such as {string.Join(", ", near)}" : "it holds none";
    }
}
