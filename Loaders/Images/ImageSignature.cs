using System.Text;

namespace NativeFree.Loaders.Images;

/// <summary>Tells JPEG and PNG by their first bytes, and names what else a file may be, so that the message helps.</summary>
internal static class ImageSignature
{
    /// <summary>Bytes needed to tell every kind apart.</summary>
    internal const int Length = 48;

    internal enum Kind
    {
        Jpeg,
        Png,
    }

    private static readonly (byte[] Bytes, int Offset, string Name)[] Known =
    [
        ("BM"u8.ToArray(), 0, "a BMP file"),
        ("GIF8"u8.ToArray(), 0, "a GIF file"),
        ("II*\0"u8.ToArray(), 0, "a TIFF file"),
        ("MM\0*"u8.ToArray(), 0, "a TIFF file"),
        ("WEBP"u8.ToArray(), 8, "a WebP file"),
        ("jP  "u8.ToArray(), 4, "a JPEG 2000 file"),
        ([0xFF, 0x4F, 0xFF, 0x51], 0, "a JPEG 2000 file"),
        ([0xFF, 0x0A], 0, "a JPEG XL file"),
        ("JXL "u8.ToArray(), 4, "a JPEG XL file"),
        ("ftypavif"u8.ToArray(), 4, "an AVIF file"),
        ("ftyp"u8.ToArray(), 4, "a HEIF or MP4 file"),
        ("8BPS"u8.ToArray(), 0, "a Photoshop file"),
        ("qoif"u8.ToArray(), 0, "a QOI file"),
        ("%PDF"u8.ToArray(), 0, "a PDF file"),
        ([0x1F, 0x8B], 0, "a gzip file"),
        ("PK\u0003\u0004"u8.ToArray(), 0, "a zip file"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], 0, "an HDF5 file"),
        ("version https://git-lfs"u8.ToArray(), 0, "a Git LFS pointer (the file itself was not downloaded)"),
        ("<"u8.ToArray(), 0, "a web page or XML"),
    ];

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>The kind, or an exception that names what was found.</summary>
    internal static Kind Require(ReadOnlySpan<byte> start, string name)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            return Kind.Jpeg;
        }

        return start.StartsWith(Png) ? Kind.Png : throw new FileFormatException(
            name, $"an image must be a JPEG or PNG; got {Describe(start)}; convert it", 0);
    }

    private static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return "an empty file";
        }

        foreach ((byte[] bytes, int offset, string name) in Known)
        {
            if (start.Length >= offset && start[offset..].StartsWith(bytes))
            {
                return name;
            }
        }

        ReadOnlySpan<byte> first = start[..Math.Min(start.Length, 16)];
        return first.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? $"the bytes {Convert.ToHexString(first)}" : $"text (\"{Encoding.ASCII.GetString(first)}\")";
    }
}
