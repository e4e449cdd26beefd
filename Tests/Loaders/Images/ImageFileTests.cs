using System.Buffers.Binary;
using System.IO.Compression;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>The doors of <see cref="ImageFile"/>: path, stream, bytes; limits; and files that no golden covers.</summary>
public sealed class ImageFileTests
{
    [GoldenFact("formats/images/jpeg_gray.jpg")]
    public void Path_stream_and_bytes_read_the_same()
    {
        string path = Goldens.PathOf("formats/images/jpeg_gray.jpg");
        byte[] bytes = File.ReadAllBytes(path), expected = ImageFile.Load(path).Pixels;
        Assert.Equal(expected, ImageFile.Load(new MemoryStream(bytes), "memory").Pixels);
        Assert.Equal(expected, ImageFile.Load(new Trickle(bytes), "trickle").Pixels);
        Assert.Equal(expected, ImageFile.Decode((ReadOnlyMemory<byte>)bytes, "bytes").ToRgb().Pixels);
        var later = new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 };
        Assert.Equal(expected, ImageFile.Load(later, "later").Pixels);
    }

    /// <summary>
    /// The four photos decode to what Pillow decodes, told by a polynomial of their bytes modulo 2⁶⁴ (Pillow 9.4, libjpeg-turbo 2.1.5).
    /// </summary>
    [GoldenTheory("images")]
    [InlineData("rocket.jpg", 427, 640, 13959187030093591468UL)]
    [InlineData("chelsea.png", 300, 451, 10853301972540235321UL)]
    [InlineData("coffee.png", 400, 600, 15654164806223477239UL)]
    [InlineData("astronaut.png", 512, 512, 16879394840422105138UL)]
    public void Photos_have_their_checksums(string file, int height, int width, ulong checksum)
    {
        Image image = ImageFile.Load(Goldens.PathOf($"images/{file}"));
        Assert.Equal((height, width, 3), (image.Height, image.Width, image.Channels));
        ulong sum = 0;
        foreach (byte b in image.Pixels)
        {
            sum = (sum * 31) + b;
        }

        Assert.Equal(checksum, sum);
    }

    [GoldenTheory("formats/images")]
    [InlineData("jpeg_gray.jpg", 47 * 64)]
    [InlineData("png_gray1.png", 5 * 7)]
    public void The_pixel_limit_is_inclusive(string file, int pixels)
    {
        string path = Goldens.PathOf($"formats/images/{file}");
        ImageFile.Load(path, new ImageOptions { MaxPixels = pixels });
        string message = Assert.Throws<FileFormatException>(() => ImageFile.Load(path, new ImageOptions { MaxPixels = pixels - 1 })).Message;
        Assert.Contains($"an image may have {pixels - 1} pixels", message, StringComparison.Ordinal);
    }

    /// <summary>A grey JPEG with neither JFIF nor Adobe mark: one component has no colours to tell.</summary>
    [GoldenFact("formats/images/jpeg_gray.jpg")]
    public void A_grey_jpeg_needs_no_mark()
    {
        string path = Goldens.PathOf("formats/images/jpeg_gray.jpg");
        byte[] bytes = File.ReadAllBytes(path);
        int app0 = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4));
        byte[] bare = [.. bytes[..2], .. bytes[(4 + app0)..]];
        Assert.Equal(ImageFile.Load(path).Pixels, ImageFile.Decode((ReadOnlyMemory<byte>)bare, "bare").ToRgb().Pixels);
    }

    /// <summary>
    /// Every scan of a progressive file but the first left out, and the end mark kept: a draft is refused, or shown with a warning.
    /// </summary>
    [GoldenFact("formats/images/jpeg_gray_progressive.jpg")]
    public void A_progressive_draft_is_no_picture()
    {
        byte[] bytes = File.ReadAllBytes(Goldens.PathOf("formats/images/jpeg_gray_progressive.jpg"));
        int second = IndexOfScan(bytes, 2);
        byte[] draft = [.. bytes[..second], 0xFF, 0xD9];
        Assert.Contains("must bring every coefficient", Assert.Throws<FileFormatException>(() => ImageFile.Decode((ReadOnlyMemory<byte>)draft, "draft")).Message, StringComparison.Ordinal);
        DecodedImage shown = ImageFile.Decode((ReadOnlyMemory<byte>)draft, "draft", new ImageOptions { AcceptDamaged = true });
        Assert.Contains("must bring every coefficient", shown.Warning, StringComparison.Ordinal);
    }

    /// <summary>8210² grey pixels of zeros in 65 KB: above 64 MiB the data must prove whole before the picture gets memory.</summary>
    [Fact]
    public void A_large_png_must_be_whole_before_it_gets_memory()
    {
        byte[] whole = Zeros(8210, damaged: false), damaged = Zeros(8210, damaged: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<FileFormatException>(() => ImageFile.Decode((ReadOnlyMemory<byte>)damaged, "zeros")).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("zeros: the image data must be a whole zlib stream; it is damaged", message);
        Assert.False(ImageFile.Decode((ReadOnlyMemory<byte>)whole, "zeros").Picture.Pixels.AsSpan().ContainsAnyExcept((byte)0));
    }

    [GoldenFact("formats/images/jpeg_gray.jpg")]
    public void A_short_jpeg_cannot_hold_a_large_picture()
    {
        byte[] bytes = File.ReadAllBytes(Goldens.PathOf("formats/images/jpeg_gray.jpg"));
        int frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(frame + 5), (60000u << 16) | 2900);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<FileFormatException>(() => ImageFile.Decode((ReadOnlyMemory<byte>)bytes, "claim")).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("are too few: the file is cut short", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_the_systems_error() =>
        Assert.Throws<FileNotFoundException>(() => ImageFile.Load(Path.Combine(Path.GetTempPath(), "nativefree-no-such-file.jpg")));

    private static byte[] Zeros(int side, bool damaged)
    {
        var packed = new MemoryStream();
        using (var deflater = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[side + 1];
            for (int y = 0; y < side; y++)
            {
                deflater.Write(row);
            }
        }

        byte[] data = packed.ToArray(), size = [(byte)(side >> 8), (byte)side];
        data[^1] ^= (byte)(damaged ? 1 : 0); // its checksum
        return [0x89, .. "PNG"u8, 13, 10, 26, 10, .. Chunk("IHDR"u8, [0, 0, .. size, 0, 0, .. size, 8, 0, 0, 0, 0]), .. Chunk("IDAT"u8, data), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.Of(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static int IndexOfScan(byte[] jpeg, int number)
    {
        int at = 0;
        for (; number > 0; number--)
        {
            at += jpeg.AsSpan(at + 1).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 1;
        }

        return at;
    }

    /// <summary>A stream without length that gives a byte at a time, as a network may.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
