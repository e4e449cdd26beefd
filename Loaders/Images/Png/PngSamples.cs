using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeFree.Loaders.Images;

/// <summary>
/// From compressed data to samples as stored, one array element each: bytes for depths up to 8 (not spread), 16-bit numbers for 16.
/// The stream is read row by row and never past the last one (plus a byte, which makes the decompressor verify its checksum), so what it
/// might still inflate to is not inflated.
/// </summary>
internal sealed class PngSamples
{
    /// <summary>Deflate's best: a length of 258 in a code of one bit and a distance of one bit.</summary>
    private const int MostPerByte = 1032;

    /// <summary>
    /// Pictures above this run through the decompressor once before they are given memory, so that a small damaged file cannot claim much.
    /// </summary>
    private const long TrustedBytes = 64L << 20;

    private readonly PngHeader header;
    private readonly PngChunks chunks;
    private readonly string file;

    private PngSamples(PngChunks chunks, string file) => (header, this.chunks, this.file) = (chunks.Header, chunks, file);

    /// <summary>[Height, Width, Channels], or empty at 16 bits.</summary>
    internal byte[] Bytes { get; private set; } = [];

    /// <summary>[Height, Width, Channels] at 16 bits, else empty.</summary>
    internal ushort[] Words { get; private set; } = [];

    internal static PngSamples Read(PngChunks chunks, string file)
    {
        var samples = new PngSamples(chunks, file);
        PngHeader header = chunks.Header;
        long count = (long)header.Height * header.Width * header.Channels;
        long filtered = PngPass.Of(header).Sum(pass => pass.Height * (1 + header.RowBytes(pass.Width)));
        if (count > Array.MaxLength)
        {
            throw new FileFormatException(file, $"an image may have {Array.MaxLength} samples; got {count}; scale it down first");
        }

        if (filtered > chunks.DataLength * MostPerByte)
        {
            throw new FileFormatException(
                file, $"the image data must inflate to {filtered} bytes; got {chunks.DataLength} bytes of it, too few: the file is cut short");
        }

        if (count * (header.Depth == 16 ? 2 : 1) > TrustedBytes)
        {
            samples.Inflate(keep: false);
        }

        samples.Words = header.Depth == 16 ? new ushort[count] : [];
        samples.Bytes = header.Depth == 16 ? [] : new byte[count];
        samples.Inflate(keep: true);
        return samples;
    }

    private void Inflate(bool keep)
    {
        using var inflater = new ZLibStream(new SegmentStream(chunks.Data), CompressionMode.Decompress);
        byte[] row = new byte[1 + header.RowBytes(header.Width)], above = new byte[row.Length];
        try
        {
            foreach (PngPass pass in PngPass.Of(header))
            {
                int length = 1 + (int)header.RowBytes(pass.Width);
                Array.Clear(above);
                for (int y = 0; y < pass.Height; y++)
                {
                    Fill(inflater, row.AsSpan(0, length));
                    if (!PngFilter.Undo(row[0], row.AsSpan(1, length - 1), above.AsSpan(1, length - 1), header.FilterStep))
                    {
                        throw new FileFormatException(file, $"a PNG row's filter must be 0..4; got {row[0]}");
                    }

                    if (keep)
                    {
                        Place(pass, y, row.AsSpan(1, length - 1));
                    }

                    (row, above) = (above, row);
                }
            }

            inflater.ReadByte();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new FileFormatException(file, "the image data must be a whole zlib stream; it is damaged", inner: e);
        }
    }

    private void Fill(Stream inflater, Span<byte> row)
    {
        int got = inflater.ReadAtLeast(row, row.Length, throwOnEndOfStream: false);
        if (got < row.Length)
        {
            throw new FileFormatException(file, $"the image data must hold all {header.Height} rows; it ends early");
        }
    }

    private void Place(PngPass pass, int y, ReadOnlySpan<byte> row)
    {
        int channels = header.Channels, step = pass.StepX * channels;
        int at = (((pass.Top + (y * pass.StepY)) * header.Width) + pass.Left) * channels;
        if (header.Depth == 8 && pass.StepX == 1)
        {
            row.CopyTo(Bytes.AsSpan(at));
            return;
        }

        int mask = (1 << header.Depth) - 1;
        for (int x = 0; x < pass.Width; x++, at += step)
        {
            for (int c = 0; c < channels; c++)
            {
                int sample = (x * channels) + c;
                if (header.Depth == 16)
                {
                    Words[at + c] = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * sample)..]);
                }
                else
                {
                    int bit = sample * header.Depth; // samples are packed from the high end of each byte
                    Bytes[at + c] = (byte)((row[bit >> 3] >> (8 - header.Depth - (bit & 7))) & mask);
                }
            }
        }
    }
}
