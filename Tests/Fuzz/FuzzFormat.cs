using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>One of the formats under test: which samples it starts from, how it damages them, and how the result is read.</summary>
internal sealed record FuzzFormat(
    string Name,
    string Folder,
    Func<string, bool> IsSample,
    Func<FuzzSample, FuzzSample, Random, byte[]> Mutate,
    Func<byte[], string, bool> Read,
    Func<FuzzSample[]>? Make = null)
{
    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("hdf5", "formats/hdf5", f => f.EndsWith(".h5", StringComparison.Ordinal), Hdf5Mutation.Of, ReadArrays),
        new("npz", "formats/npz", f => f.EndsWith(".npz", StringComparison.Ordinal), NpzMutation.Of, ReadArrays),
        new("npy", "formats/npz", f => f.EndsWith(".npz", StringComparison.Ordinal), NpzMutation.OfMember, ReadArrays),
        new("keras", "formats/hdf5", f => f.EndsWith(".keras", StringComparison.Ordinal), KerasMutation.Of, ReadArrays),
        new("gzip", "formats", f => Path.GetExtension(f) is ".h5" or ".npz" or ".keras" && new FileInfo(f).Length < 40_000, GzipMutation.Of, ReadArrays),
        new("jpeg", "formats/images", f => f.EndsWith(".jpg", StringComparison.Ordinal), JpegMutation.Of, ReadImage),
        new("png", "formats/images", f => f.EndsWith(".png", StringComparison.Ordinal), PngMutation.Of, ReadImage),
    ];

    /// <summary>Whole models into memory: a hundred times slower than the others, so run by name only.</summary>
    public static FuzzFormat Weights { get; } = new("weights", "", _ => false, WeightSamples.Mutate, WeightSamples.Load, WeightSamples.Make);

    // Models without values: only their names and extents are asked for.
    private static readonly Lazy<Model> KerasModel = new(() => new Vgg(16, new() { Origin = Origin.Keras }));
    private static readonly Lazy<Model> ChainerModel = new(() => new GoogLeNet());

    /// <summary>Samples up to this size: small ones are read often, and the structure is in the small ones too.</summary>
    private const int LargestSample = 300_000;

    /// <summary>The samples below <paramref name="goldens"/>, malformed ones among them, sorted by name.</summary>
    public FuzzSample[] Samples(string goldens)
    {
        if (Make is not null)
            return Make();
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
        return CompareWithModel(file) && whole;
    }

    /// <summary>The name maps see every name and attribute of the file, and hold what they find against a model's places.</summary>
    private static bool CompareWithModel(ArrayFile file)
    {
        try
        {
            if (WeightSource.Of(file) is { } source)
                _ = new WeightLoad(source, source.Framework == "keras" ? KerasModel.Value : ChainerModel.Value).Report.ToString();
            ModelLoader.Recognize(file);
            return true;
        }
        catch (Exception refusal) when (refusal is WeightException or FileFormatException)
        {
            return false;
        }
    }

    /// <summary>Strictly first; what is refused so is read again as far as it is whole, up to a small picture, since then a claimed size may be believed.</summary>
    private static bool ReadImage(byte[] input, string name)
    {
        try
        {
            ImageFile.Load(new MemoryStream(input), name, new ImageOptions { ApplyOrientation = true });
            return true;
        }
        catch (FileFormatException)
        {
            ImageFile.Decode((ReadOnlyMemory<byte>)input, name, new ImageOptions { AcceptDamaged = true, MaxPixels = 1 << 20 });
            return false;
        }
    }
}

/// <summary>A file to start from, and what its format's mutation worked out about it once.</summary>
internal sealed record FuzzSample(string Name, byte[] Bytes)
{
    private readonly Lazy<IReadOnlyList<Hdf5Mutation.ChecksummedBlock>> blocks = new(() => Hdf5Mutation.FindBlocks(Bytes));
    private readonly Lazy<IReadOnlyList<(string Name, byte[] Contents, bool Deflated)>> members = new(() => NpzMutation.Members(Bytes));

    private readonly Lock making = new();
    private (bool Made, FuzzSample? Value) inner;

    /// <summary>The HDF5 file inside a .keras archive, or null.</summary>
    public FuzzSample? Inner
    {
        get
        {
            lock (making)
            {
                if (!inner.Made)
                    inner = (true, KerasMutation.WeightsOf(this));
                return inner.Value;
            }
        }
    }

    /// <summary>Where the structures of an HDF5 file start.</summary>
    public int[]? Anchors { get; set; }

    /// <summary>The checksummed blocks of an HDF5 file.</summary>
    public IReadOnlyList<Hdf5Mutation.ChecksummedBlock> Blocks => blocks.Value;

    /// <summary>The unpacked members of a zip, none if it cannot be read.</summary>
    public IReadOnlyList<(string Name, byte[] Contents, bool Deflated)> Members => members.Value;
}
