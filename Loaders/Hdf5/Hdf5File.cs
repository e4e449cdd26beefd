using System.Collections.Frozen;
using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level0;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5;

/// <summary>
/// An HDF5 file as h5py, Keras and h5repack write it: superblocks 0 to 3, every group, attribute and chunk index format, gzip, shuffle and
/// fletcher32. Written after the "HDF5 File Format Specification Version 3.0";
/// the folders Level0 to Level2 are its levels, Data puts elements together.
/// </summary>
internal sealed unsafe class Hdf5File : ArrayFile
{
    private readonly FileBytes bytes, fromBase;
    private readonly Superblock superblock;
    private readonly Hdf5Listing listing;
    private readonly ReadLimits limits;
    private readonly FrozenDictionary<string, ArrayEntry> arraysByPath;

    /// <summary>Reads the file's listing. <paramref name="kind"/> and <paramref name="texts"/> are those of the archive around it, if
    /// any.</summary>
    /// <exception cref="FileFormatException">No superblock or root group.</exception>
    public Hdf5File(FileBytes bytes, string path, ReadLimits limits, string kind = "hdf5",
        IReadOnlyDictionary<string, string>? texts = null)
        : base(path)
    {
        this.bytes = bytes;
        this.limits = limits;
        Kind = kind;
        Texts = texts ?? FrozenDictionary<string, string>.Empty;
        long location = Container.FindHdf5(bytes);
        fromBase = bytes.From(location);
        superblock = Superblock.Read(fromBase, location);
        listing = Hdf5Listing.Read(new Hdf5Access(fromBase, superblock), limits);
        arraysByPath = listing.Arrays.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
        SetArrays(listing.Arrays);
    }

    public override string Kind { get; }

    public override IReadOnlyList<string> Groups => listing.GroupOrder;

    public override IReadOnlyList<RefusedObject> Refused => listing.Refused;

    public override IReadOnlyCollection<string> ObjectsWithAttributes => listing.Attributes.Keys;

    public override IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Version of the superblock.</summary>
    public int SuperblockVersion => superblock.Version;

    /// <summary>Links that are not the first path to an object, by path.</summary>
    public IReadOnlyDictionary<string, Link> Links => listing.Links;

    /// <summary>Number of links in each group.</summary>
    public IReadOnlyDictionary<string, int> LinkCounts => listing.Groups;

    public override IReadOnlyDictionary<string, ArrayAttribute> Attributes(string path) =>
        listing.Attributes.GetValueOrDefault(path.Trim('/')) ?? base.Attributes(path);

    public override ArrayEntry? Find(string name) =>
        arraysByPath.GetValueOrDefault(name.Trim('/'))
            ?? (LinkResolver.Resolve(this, listing, name) is { } path ? arraysByPath.GetValueOrDefault(path) : null);

    /// <summary>What an entry's data looks like to this reader.</summary>
    public static Dataset DatasetOf(ArrayEntry entry) => (Dataset)entry.Source!;

    private protected override void Close() => bytes.Dispose();

    private protected override void Fill(ArrayEntry entry, byte* destination) =>
        DatasetReader.Fill(new Hdf5Access(fromBase, superblock), DatasetOf(entry), limits, destination);

    private protected override void Pieces(ArrayEntry entry, BytePieces receive)
    {
        long start = entry.Bytes == 0 ? -1 : DatasetReader.Locate(new Hdf5Access(fromBase, superblock), DatasetOf(entry));
        if (start >= 0)
        {
            Slice(entry, fromBase, start, DatasetReader.Data, receive);
        }
        else
        {
            base.Pieces(entry, receive);
        }
    }

    private protected override void VerifyData(ArrayEntry entry)
    {
        var access = new Hdf5Access(fromBase, superblock);
        Dataset dataset = DatasetOf(entry);
        if (dataset.Layout is DataLayout.Chunked chunked && dataset.Bytes > 0)
        {
            ChunkedData.Verify(access, dataset.Chunks(chunked), limits);
        }
        else if (dataset.Bytes > 0)
        {
            // Contiguous and compact data has no checksums: it is enough that it lies within the file.
            DatasetReader.Locate(access, dataset);
        }
    }

    private protected override string DecodeFixed(ArrayEntry entry, ReadOnlySpan<byte> element) =>
        DatasetReader.DecodeFixed(element, DatasetOf(entry).Type.Padding);

    private protected override void FillTexts(ArrayEntry entry, string[] texts)
    {
        // One access for all pieces, so that its budget and its heaps are those of the whole read.
        var access = new Hdf5Access(fromBase, superblock);
        Pieces(entry, (start, references) =>
            DatasetReader.ReadTexts(access, references, texts.AsSpan((int)start, references.Length / entry.ItemSize)));
    }
}
