using NativeFree.Loaders.Hdf5;
using NativeFree.Loaders.Npz;

namespace NativeFree.Loaders;

public abstract partial class ArrayFile
{
    /// <summary>
    /// Opens a file of arrays for reading. What it is follows from its first bytes, never from its name: HDF5 (behind a user block too),
    /// zip (npz, or a Keras archive with <c>model.weights.h5</c> inside), npy,
    /// or gzip around any of these, which is unpacked into memory within <paramref name="limits"/>.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="limits">How far compressed contents may expand; <see cref="ReadLimits.Default"/> when null.</param>
    /// <exception cref="FileFormatException">The file is none of these, or so damaged that its arrays cannot be listed.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read; as thrown by the file system.</exception>
    public static ArrayFile Open(string path, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Open(FileBytes.Map(path), path, limits ?? ReadLimits.Default);
    }

    /// <summary>Opens contents that are already in memory, as if they were a file called <paramref name="name"/>; the array is used in
    /// place and must not be changed.</summary>
    /// <exception cref="FileFormatException">As <see cref="Open(string, ReadLimits?)"/>.</exception>
    public static ArrayFile Open(byte[] contents, string name, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(name);
        return Open(FileBytes.Of(contents, name), name, limits ?? ReadLimits.Default);
    }

    private static ArrayFile Open(FileBytes bytes, string path, ReadLimits limits)
    {
        try
        {
            if (Container.Recognize(bytes) == ContainerKind.Gzip)
            {
                FileBytes unpacked = GzipBytes.Unpack(bytes, limits);
                bytes.Dispose();
                bytes = unpacked;
            }
            return Container.Recognize(bytes) switch
            {
                ContainerKind.Zip => OpenZip(bytes, path, limits),
                ContainerKind.Npy => OpenNpy(bytes, path),
                ContainerKind.Hdf5 => new Hdf5File(bytes, path, limits),
                ContainerKind.Gzip => throw new FileFormatException(path, "gzip inside gzip is not read; unpack it once"),
                _ => throw new FileFormatException(path, Describe(bytes)),
            };
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static ArrayFile OpenZip(FileBytes bytes, string path, ReadLimits limits)
    {
        List<ZipEntry> directory = ZipDirectory.Read(bytes);
        if (directory.Any(m => m.Name == KerasArchive.Weights))
        {
            return KerasArchive.Open(bytes, path, directory, limits);
        }
        if (directory.Count == 0 || directory.Any(m => m.Name.EndsWith(".npy", StringComparison.Ordinal)))
        {
            return new NpzFile(bytes, path, directory, limits);
        }
        throw new FileFormatException(path, directory.Any(m => m.Name == KerasArchive.PickledWeights)
            ? $"its weights are {KerasArchive.PickledWeights}, pickled dictionaries, which are never unpickled; save it with {KerasArchive.Weights}"
            : $"a zip must hold *.npy members or a {KerasArchive.Weights}; holds {string.Join(", ", directory.Take(3).Select(m => m.Name))}");
    }

    /// <summary>The one place where a name matters: <c>.npz</c> promises named arrays, and a bare npy under that name has none.</summary>
    private static NpyFile OpenNpy(FileBytes bytes, string path) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
            ? throw new FileFormatException(path,
                "an npz file must be a zip of named arrays; this is a single nameless npy array; rename it to .npy")
            : new NpyFile(bytes, path);

    private static string Describe(FileBytes bytes)
    {
        const string Rule = "must be an HDF5, npz, npy or .keras file (or one of them in gzip)";
        if (bytes.Length == 0)
        {
            return $"{Rule}; it is empty";
        }
        ReadOnlySpan<byte> first = bytes.Span(0, Math.Min(16, bytes.Length), "first bytes");
        return first.Length >= 4 && first[1..4].SequenceEqual("HDF"u8)
            ? $"{Rule}; its HDF5 signature is damaged ({Convert.ToHexString(first)}), as by a transfer in text mode; fetch it again"
            : $"{Rule}; it starts with {Convert.ToHexString(first)}";
    }
}
