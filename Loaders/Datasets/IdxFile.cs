using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeFree.Loaders;

/// <summary>
/// The array of an IDX file (LeCun's format of MNIST): two zero bytes, the type 0x08 for bytes, the number of axes, each extent as a big-endian 32-bit number, then the values in C order. Plain or in gzip,
/// which the first bytes tell.
/// </summary>
public sealed class IdxFile
{
    private IdxFile(int[] shape, byte[] values) => (Shape, Values) = (shape, values);

    /// <summary>The extents.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>uint8 values in C order.</summary>
    public byte[] Values { get; }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="FileFormatException">It is not an IDX file of bytes, is cut short, goes on after its values, or unpacks to more than 256 times its size and 64 MiB.</exception>
    public static IdxFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        bool packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        try
        {
            if (!packed)
                return Read(file, path, file.Length);
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Read(unpacked, path, Math.Max(256 * file.Length, 64 << 20));
        }
        catch (InvalidDataException e)
        {
            throw new FileFormatException(path, $"a gzip file unpacks without fault; {e.Message}; fetch it anew", inner: e);
        }
    }

    private static IdxFile Read(Stream stream, string path, long limit)
    {
        Span<byte> start = stackalloc byte[4];
        if (stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) < 4 || start[0] != 0 || start[1] != 0)
            throw new FileFormatException(path, "an IDX file begins with two zero bytes; this one does not; it is no file of this kind", 0);
        if (start[2] != 0x08 || start[3] is 0 or > 4)
            throw new FileFormatException(path, $"IDX values are bytes (type 0x08) in 1 to 4 axes; got type 0x{start[2]:x2} in {start[3]}", 2);
        int[] shape = new int[start[3]];
        long count = 1;
        Span<byte> extent = stackalloc byte[4];
        for (int i = 0; i < shape.Length; i++)
        {
            if (stream.ReadAtLeast(extent, 4, throwOnEndOfStream: false) < 4)
                throw new FileFormatException(path, "an IDX file holds all its extents; this one is cut short", 4 + (4 * i));
            uint n = BinaryPrimitives.ReadUInt32BigEndian(extent);
            if (n > limit || (count *= n) > Math.Min(limit, Array.MaxLength))
                throw new FileFormatException(path, $"the extents of an IDX file fit its size; axis {i} is {n}, and at most {limit} bytes can follow", 4 + (4 * i));
            shape[i] = (int)n;
        }
        byte[] values = new byte[count];
        int got = stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        if (got < values.Length || stream.ReadByte() >= 0)
            throw new FileFormatException(path, $"an IDX file ends with its last value; this one has {(got < values.Length ? $"{got} of {values.Length}" : $"more than {values.Length}")}; fetch it anew", 4 + (4 * shape.Length));
        return new IdxFile(shape, values);
    }
}
