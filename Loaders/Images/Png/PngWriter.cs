using System.Buffers.Binary;
using System.IO.Compression;
using NativeFree.Kernels;

namespace NativeFree.Loaders.Images;

/// <summary>
/// PNG, 8 bits a sample, not interlaced. Rows of pictures take the filter whose bytes, read as signed, have the smallest sum of magnitudes
/// (the specification's advice, 12.7);
/// rows of indices none, since neighbouring indices are no neighbours in value. The choice is fixed, so the same image gives the same file
/// under the same runtime.
/// </summary>
internal static class PngWriter
{
    internal static void Write(Stream stream, Image image, ReadOnlySpan<byte> palette)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        PngColor color = image.Channels switch { 1 => PngColor.Grey, 3 => PngColor.Rgb, _ => PngColor.Rgba };
        header[9] = (byte)(palette.IsEmpty ? color : PngColor.Palette);
        header[10..].Clear();
        Chunk(stream, "IHDR"u8, header);
        if (!palette.IsEmpty)
        {
            Chunk(stream, "PLTE"u8, palette);
        }

        Chunk(stream, "IDAT"u8, Compress(image, filter: palette.IsEmpty));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(data, Crc32.Of(type)));
        stream.Write(number);
    }

    private static ReadOnlySpan<byte> Compress(Image image, bool filter)
    {
        var packed = new MemoryStream();
        int length = image.Width * image.Channels;
        byte[] above = new byte[length], best = new byte[length + 1], next = new byte[length + 1];
        using (var deflater = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                long least = long.MaxValue;
                for (byte type = 0; type <= (filter ? 4 : 0); type++)
                {
                    next[0] = type;
                    long sum = PngFilter.Apply(type, row, above, image.Channels, next.AsSpan(1));
                    if (sum < least)
                    {
                        least = sum;
                        (best, next) = (next, best);
                    }
                }

                deflater.Write(best);
                row.CopyTo(above);
            }
        }

        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }
}
