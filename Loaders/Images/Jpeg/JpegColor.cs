using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using NativeFree.Kernels;

namespace NativeFree.Loaders.Images;

/// <summary>
/// What the components mean, and from them to grey or RGB (CMYK on the side). Integers of 16 fractional bits, as libjpeg; CMYK to RGB as
/// Pillow.
/// </summary>
internal static class JpegColor
{
    private const int Half = 1 << 15;

    private static Vector128<byte> DropFourth => Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);

    internal static DecodedImage Compose(JpegStructure structure, JpegDamage damage)
    {
        JpegFrame frame = structure.Frame;
        JpegUpsampler[] planes = [.. frame.Components.Select(component => new JpegUpsampler(component, frame))];
        int channels = planes.Length == 1 ? 1 : 3;
        byte[] pixels = new byte[frame.Height * frame.Width * channels];
        byte[]? cmyk = planes.Length == 4 ? new byte[frame.Height * frame.Width * 4] : null;
        bool lumaChroma = IsLumaChroma(structure);
        for (int y = 0; y < frame.Height; y++)
        {
            Span<byte> row = pixels.AsSpan(y * frame.Width * channels, frame.Width * channels);
            ReadOnlySpan<byte> first = planes[0].Row(y)[..frame.Width];
            if (channels == 1)
            {
                first.CopyTo(row);
                continue;
            }

            ReadOnlySpan<byte> second = planes[1].Row(y)[..frame.Width], third = planes[2].Row(y)[..frame.Width];
            if (lumaChroma)
            {
                FromLumaChroma(first, second, third, row);
            }
            else
            {
                Interleave(first, second, third, row);
            }

            if (cmyk is not null)
            {
                Print(row, planes[3].Row(y)[..frame.Width], lumaChroma, cmyk.AsSpan(y * frame.Width * 4));
            }
        }

        return new DecodedImage("jpeg", 8, new Image(frame.Height, frame.Width, channels, pixels))
        {
            Cmyk = cmyk,
            Orientation = structure.Orientation,
            Warning = damage.Warning,
        };
    }

    /// <summary>
    /// Three components are YCbCr with a JFIF mark; else as Adobe's mark says (0: RGB); else unless their ids spell RGB. Four are YCCK
    /// where Adobe's mark says other than 0 (2 is defined so, libjpeg takes unknown values for it), else CMYK.
    /// </summary>
    private static bool IsLumaChroma(JpegStructure structure)
    {
        JpegComponent[] components = structure.Frame.Components;
        return components.Length == 4 ? structure.AdobeTransform > 0
            : components.Length == 1 ? false
            : structure.Jfif ? true
            : structure.AdobeTransform >= 0 ? structure.AdobeTransform != 0
            : (components[0].Id, components[1].Id, components[2].Id) != ((byte)'R', (byte)'G', (byte)'B');
    }

    /// <summary>
    /// R = Y + 1.402·Cr, G = Y − 0.344136·Cb − 0.714136·Cr, B = Y + 1.772·Cb with Cb, Cr about 128, each sum of products rounded once.
    /// </summary>
    private static void FromLumaChroma(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> rgb)
    {
        int x = 0, to = 0;
        for (; x <= luma.Length - 8 && to <= rgb.Length - 28; x += 8, to += 24)
        {
            Vector256<int> middle = Vector256.Create(128), half = Vector256.Create(Half);
            Vector256<int> y = Eight(luma, x), cb = Eight(blue, x) - middle, cr = Eight(red, x) - middle;
            Vector256<int> r = Clamp(y + (((91881 * cr) + half) >> 16));
            Vector256<int> g = Clamp(y + (((-22554 * cb) - (46802 * cr) + half) >> 16));
            Vector256<int> b = Clamp(y + (((116130 * cb) + half) >> 16));
            Vector256<byte> pixels = (r | (g << 8) | (b << 16)).AsByte();
            // Sixteen bytes are stored, twelve of them count; the next store or the scalar end covers the rest.
            Vector128.Shuffle(pixels.GetLower(), DropFourth).CopyTo(rgb[to..]);
            Vector128.Shuffle(pixels.GetUpper(), DropFourth).CopyTo(rgb[(to + 12)..]);
        }

        for (; x < luma.Length; x++, to += 3)
        {
            int y = luma[x], cb = blue[x] - 128, cr = red[x] - 128;
            rgb[to] = Clamp(y + (((91881 * cr) + Half) >> 16));
            rgb[to + 1] = Clamp(y + (((-22554 * cb) - (46802 * cr) + Half) >> 16));
            rgb[to + 2] = Clamp(y + (((116130 * cb) + Half) >> 16));
        }
    }

    private static void Interleave(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> rgb)
    {
        for (int x = 0, to = 0; x < first.Length; x++, to += 3)
        {
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (first[x], second[x], third[x]);
        }
    }

    /// <summary>
    /// In: a row of the file's C, M, Y (or of R, G, B out of YCCK, of which C, M, Y are the complements) and its K. The file's samples are
    /// complements of ink (Adobe's habit, assumed with or without its mark).
    /// Out: ink to <paramref name="cmyk"/>, and RGB in place: k' − round(ink·k'/255) with k' = 255 − ink of K, not below 0.
    /// </summary>
    private static void Print(Span<byte> row, ReadOnlySpan<byte> black, bool complemented, Span<byte> cmyk)
    {
        for (int x = 0; x < black.Length; x++)
        {
            int paper = black[x];
            for (int c = 0; c < 3; c++)
            {
                int ink = complemented ? row[(3 * x) + c] : 255 - row[(3 * x) + c];
                int t = (ink * paper) + 128;
                cmyk[(4 * x) + c] = (byte)ink;
                row[(3 * x) + c] = Clamp(paper - (((t >> 8) + t) >> 8));
            }

            cmyk[(4 * x) + 3] = (byte)(255 - paper);
        }
    }

    private static Vector256<int> Eight(ReadOnlySpan<byte> samples, int x)
    {
        Vector128<byte> bytes = Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(samples[x..])).AsByte();
        return Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()).AsInt32();
    }

    private static Vector256<int> Clamp(Vector256<int> value) => Vector256.Min(Vector256.Max(value, Vector256<int>.Zero), Vector256.Create(255));

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
