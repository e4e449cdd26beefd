using System.Buffers.Binary;
using NativeFree.Kernels;

namespace NativeFree.Loaders.Images;

/// <summary>
/// PNG (ISO/IEC 15948): all colour types and depths, Adam7, palettes, tRNS. From samples as stored to the picture as shown.
/// </summary>
internal static class PngDecoder
{
    internal static DecodedImage Decode(ReadOnlyMemory<byte> file, string name, ImageOptions options)
    {
        PngChunks chunks = PngChunks.Read(file, name, options.MaxPixels);
        PngHeader header = chunks.Header;
        PngSamples samples = PngSamples.Read(chunks, name);
        bool plain = header is { Color: PngColor.Palette or PngColor.Grey, Depth: <= 8 };
        Image? indices = plain ? new Image(header.Height, header.Width, 1, samples.Bytes) : null;
        Image picture = header.Color == PngColor.Palette ? LookUp(chunks, samples.Bytes, name)
            : header is { Color: PngColor.Grey, Depth: 8 } && chunks.Transparency.IsEmpty ? indices!
            : Show(header, samples, chunks.Transparency.Span, name);
        return new DecodedImage("png", header.Depth, picture)
        {
            Indices = indices,
            Samples16 = header.Depth == 16 ? samples.Words : null,
            Orientation = ImageOrientation.Read(chunks.Exif.Span),
        };
    }

    private static Image LookUp(PngChunks chunks, byte[] indices, string name)
    {
        ReadOnlySpan<byte> palette = chunks.Palette.Span, alpha = chunks.Transparency.Span;
        int colors = palette.Length / 3, channels = alpha.IsEmpty ? 3 : 4;
        RequireRoom(chunks.Header, channels, name);
        var pixels = new byte[indices.Length * channels];
        for (int i = 0, to = 0; i < indices.Length; i++, to += channels)
        {
            int index = indices[i];
            if (index >= colors)
            {
                throw new FileFormatException(name, $"palette indices must be below {colors}; got {index} at pixel {i}");
            }

            palette.Slice(3 * index, 3).CopyTo(pixels.AsSpan(to));
            if (channels == 4)
            {
                pixels[to + 3] = index < alpha.Length ? alpha[index] : (byte)255;
            }
        }

        return new Image(chunks.Header.Height, chunks.Header.Width, channels, pixels);
    }

    /// <summary>
    /// Grey and colour to 8 bits: 16-bit samples by their high byte, 1, 2, 4-bit grey times 255, 85, 17. A pixel is transparent where all
    /// its samples, as stored, equal tRNS.
    /// Grey becomes RGB where it has alpha.
    /// </summary>
    private static Image Show(PngHeader header, PngSamples samples, ReadOnlySpan<byte> transparency, string name)
    {
        bool grey = header.Color is PngColor.Grey or PngColor.GreyAlpha, hasAlpha = header.Color is PngColor.GreyAlpha or PngColor.Rgba;
        int from = header.Channels, colors = grey ? 1 : 3;
        int channels = hasAlpha || !transparency.IsEmpty ? 4 : from;
        if (header.Depth == 8 && channels == from)
        {
            return new Image(header.Height, header.Width, channels, samples.Bytes);
        }

        RequireRoom(header, channels, name);
        int scale = header.Depth < 8 ? 255 / ((1 << header.Depth) - 1) : 1;
        Span<int> hidden = stackalloc int[3];
        for (int c = 0; c < transparency.Length / 2; c++)
        {
            // Only the low bits of the field count (specification, 11.3.2.1).
            hidden[c] = BinaryPrimitives.ReadUInt16BigEndian(transparency[(2 * c)..]) & ((1 << header.Depth) - 1);
        }

        byte[] bytes = samples.Bytes, pixels = new byte[header.Height * header.Width * channels];
        ushort[] words = samples.Words;
        bool wide = header.Depth == 16;
        for (int at = 0, to = 0; to < pixels.Length; at += from, to += channels)
        {
            bool shown = transparency.IsEmpty;
            for (int c = 0; c < colors; c++)
            {
                int sample = wide ? words[at + c] : bytes[at + c];
                shown |= sample != hidden[c];
                pixels[to + c] = (byte)(wide ? sample >> 8 : sample * scale);
            }

            if (channels == 4)
            {
                if (grey)
                {
                    pixels[to + 1] = pixels[to + 2] = pixels[to];
                }

                pixels[to + 3] = hasAlpha ? (byte)(wide ? words[at + from - 1] >> 8 : bytes[at + from - 1]) : shown ? (byte)255 : (byte)0;
            }
        }

        return new Image(header.Height, header.Width, channels, pixels);
    }

    private static void RequireRoom(PngHeader header, int channels, string name)
    {
        if ((long)header.Height * header.Width * channels > Array.MaxLength)
        {
            throw new FileFormatException(
                name, $"an image may have {Array.MaxLength} samples; got {header.Height}×{header.Width}×{channels}; scale it down first");
        }
    }
}
