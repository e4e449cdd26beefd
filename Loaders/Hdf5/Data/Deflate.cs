using System.IO.Compression;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>HDF5's filter 1: a zlib stream, its Adler-32 checked.</summary>
internal static unsafe class Deflate
{
    /// <summary>
    /// Unpacks all of <paramref name="packed"/> into <paramref name="plain"/>, which grows with what really comes out, and returns how many
    /// bytes came.
    /// </summary>
    /// <exception cref="FormatException">The stream is damaged or cut off, or holds more than <paramref name="most"/> bytes.</exception>
    public static int Unpack(ReadOnlySpan<byte> packed, NativeBytes plain, int most)
    {
        if (packed.IsEmpty)
        {
            throw new FormatException("the deflate stream is empty");
        }
        fixed (byte* start = packed)
        {
            using var stream = new ZLibStream(new UnmanagedMemoryStream(start, packed.Length), CompressionMode.Decompress);
            int length = 0;
            try
            {
                while (true)
                {
                    // One byte more than allowed, so that the end of the stream is seen.
                    int room = (int)Math.Min(plain.Length, most + 1L) - length;
                    if (room == 0)
                    {
                        plain.Resize(Math.Min(most + 1L, Math.Max(4096, 2 * plain.Length)));
                        continue;
                    }
                    int n = stream.Read(new Span<byte>(plain.Start + length, room));
                    if (n == 0)
                    {
                        return length;
                    }
                    length += n;
                    if (length > most)
                    {
                        throw new FormatException($"the deflate stream goes on behind the {most} bytes that fit");
                    }
                }
            }
            catch (InvalidDataException damage)
            {
                throw new FormatException("the deflate stream is damaged or cut off", damage);
            }
        }
    }
}
