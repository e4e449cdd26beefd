using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>One of the formats under test: which samples it starts from, how it damages them, and how the result is read.</summary>
internal sealed record FuzzFormat(
    string Name,
    string Folder,
    Func<string, bool> IsSample,
    Func<FuzzSample, FuzzSample, Random, byte[]> Mutate,
    Func<byte[], string, bool> Read)
{
    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("hdf5", "formats/hdf5", f => f.EndsWith(".h5", StringComparison.Ordinal), Hdf5Mutation.Of, ReadArrays),
        new("npz", "formats/npz", f => f.EndsWith(".npz", StringComparison.Ordinal), NpzMutation.Of, ReadArrays),
        new("npy", "formats/npz", f => f.EndsWith(".npz", StringComparison.Ordinal), NpzMutation.OfMember, ReadArrays),
        new("jpeg", "formats/images", f => f.EndsWith(".jpg", StringComparison.Ordinal), (s, o, r) => Mutation.Of(s.Bytes, o.Bytes, r),
            ReadImage),
        new("png", "formats/images", f => f.EndsWith(".png", StringComparison.Ordinal), PngMutation.Of, ReadImage),
    ];

    /// <summary>Samples up to this size: small ones are read often, and the structure is in the small ones too.</summary>
    private const int LargestSample = 300_000;

    /// <summary>The samples below <paramref name="goldens"/>, malformed ones among them, sorted by name.</summary>
    public FuzzSample[] Samples(string goldens)
    {
        string folder = Path.Combine(goldens, Folder);
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => IsSample(f) && new FileInfo(f).Length is > 0 and <= LargestSample)
                .Order(StringComparer.Ordinal).Select(f => new FuzzSample(Path.GetFileName(f), File.ReadAllBytes(f))),
        ];
    }

    /// <summary>Opens the input, reads and converts every array; true when nothing was refused.</summary>
    private static bool ReadArrays(byte[] input, string name)
    {
        using ArrayFile file = ArrayFile.Open(input, name);
        bool whole = file.Refused.Count == 0;
        foreach (ArrayEntry entry in file.Arrays)
        {
            try
            {
                file.Verify(entry);
                if (entry.Type.IsNumber && entry.Bytes <= 1 << 20)
                {
                    file.ReadFloats(entry, new float[entry.Count]);
                    file.ReadDoubles(entry, new double[entry.Count]);
                }
                else if (entry.Type.IsText && entry.Count <= 1 << 16)
                {
                    file.ReadStrings(entry);
                }
            }
            catch (FileFormatException)
            {
                whole = false;
            }
        }
        return whole;
    }

    private static bool ReadImage(byte[] input, string name)
    {
        ImageFile.Decode((ReadOnlyMemory<byte>)input, name);
        return true;
    }
}

/// <summary>A file to start from, and what its format's mutation worked out about it once.</summary>
internal sealed record FuzzSample(string Name, byte[] Bytes)
{
    private readonly Lazy<IReadOnlyList<Hdf5Mutation.ChecksummedBlock>> blocks = new(() => Hdf5Mutation.FindBlocks(Bytes));
    private readonly Lazy<IReadOnlyList<(string Name, byte[] Contents, bool Deflated)>> members = new(() => NpzMutation.Members(Bytes));

    /// <summary>Where the structures of an HDF5 file start.</summary>
    public int[]? Anchors { get; set; }

    /// <summary>The checksummed blocks of an HDF5 file.</summary>
    public IReadOnlyList<Hdf5Mutation.ChecksummedBlock> Blocks => blocks.Value;

    /// <summary>The unpacked members of a zip, none if it cannot be read.</summary>
    public IReadOnlyList<(string Name, byte[] Contents, bool Deflated)> Members => members.Value;
}
