using System.IO.Compression;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>HDF5's filter 1: a zlib stream, its Adler-32 checked.</summary>
internal static unsafe class Deflate
{
    /// <summary>Unpacks all of <paramref name="packed"/> into <paramref name="plain"/> and returns how many bytes there were.</summary>
    /// <exception cref="FormatException">The stream is damaged or cut off, or holds more than fits.</exception>
    public static int Unpack(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        fixed (byte* start = packed)
        {
            using var stream = new ZLibStream(new UnmanagedMemoryStream(start, packed.Length), CompressionMode.Decompress);
            int length = 0;
            try
            {
                for (int n; length < plain.Length && (n = stream.Read(plain[length..])) > 0;)
                {
                    length += n;
                }
                Span<byte> one = stackalloc byte[1];
                return stream.Read(one) == 0 ? length : throw new FormatException($"the deflate stream goes on behind the {plain.Length} bytes that fit");
            }
            catch (InvalidDataException damage)
            {
                throw new FormatException("the deflate stream is damaged or cut off", damage);
            }
        }
    }
}
