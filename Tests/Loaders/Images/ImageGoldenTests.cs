using System.Diagnostics;
using System.Text.Json;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>formats/images: every file as its expected.json says, pixels equal to the last byte.</summary>
public sealed class ImageGoldenTests
{
    private const string Folder = "formats/images";

    private static readonly Lazy<JsonDocument> Expected = new(() => JsonDocument.Parse(File.ReadAllText(Goldens.PathOf($"{Folder}/expected.json"))));

    public static TheoryData<string> Readable => [.. Files("read")];

    public static TheoryData<string> Refused => [.. Files("refuse")];

    public static TheoryData<string> Damaged => [.. Files("refuse").Where(file => File.Exists(Goldens.PathOf($"{Folder}/{file}.partial.npy")) && file.EndsWith(".jpg", StringComparison.Ordinal))];

    [GoldenTheory(Folder)]
    [MemberData(nameof(Readable))]
    public void Reads(string file)
    {
        JsonElement expected = Expected.Value.RootElement.GetProperty(file);
        DecodedImage image;
        try
        {
            image = Within(file, path => ImageFile.Decode(path));
        }
        catch (FileFormatException) when (expected.TryGetProperty("refuse_allowed", out _))
        {
            return;
        }

        Assert.Equal((expected.GetProperty("height").GetInt32(), expected.GetProperty("width").GetInt32()), (image.Height, image.Width));
        Assert.Equal(expected.GetProperty("format").GetString(), image.Format);
        AssertEqual(file, ".npy", image.ToRgb());
        AssertEqual(file, ".rgba.npy", image.ToRgba());
        AssertEqual(file, ".transposed.npy", ImageFile.Load(Goldens.PathOf($"{Folder}/{file}"), new ImageOptions { ApplyOrientation = true }));
        if (Reference(file, ".u16.npy") is { } words)
        {
            Assert.Equal(words.As<ushort>(), image.Samples16);
        }

        if (Reference(file, ".cmyk.npy") is { } cmyk)
        {
            Assert.Equal(cmyk.As<byte>(), image.Cmyk);
        }

        if (expected.TryGetProperty("alpha", out JsonElement alpha))
        {
            Assert.Equal(alpha.GetBoolean(), image.Picture.Channels == 4);
            Assert.Equal(expected.GetProperty("bits").GetInt32(), image.Bits);
        }
    }

    [GoldenTheory(Folder)]
    [MemberData(nameof(Refused))]
    public void Refuses(string file)
    {
        string path = Goldens.PathOf($"{Folder}/{file}");
        FileFormatException refusal = Within(file, name => Assert.Throws<FileFormatException>(() => ImageFile.Load(name)));
        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    /// <summary>What libjpeg makes of a damaged file, when asked for: the same picture, with a warning, or still a refusal.</summary>
    [GoldenTheory(Folder)]
    [MemberData(nameof(Damaged))]
    public void Rescues(string file)
    {
        DecodedImage image;
        try
        {
            image = ImageFile.Decode(Goldens.PathOf($"{Folder}/{file}"), new ImageOptions { AcceptDamaged = true });
        }
        catch (FileFormatException) when (file == "bad/jpeg_no_huffman.jpg")
        {
            return; // libjpeg-turbo assumes Motion-JPEG's tables; this reader asks for the file's own
        }

        Assert.NotNull(image.Warning);
        if (file == "bad/jpeg_truncated_progressive.jpg")
        {
            // A draft: libjpeg smooths its blocks (and did so differently before 2.1), this reader shows them as they are.
            double mean = Reference(file, ".partial.npy")!.As<byte>().Zip(image.ToRgb().Pixels).Average(pair => Math.Abs(pair.First - pair.Second));
            Assert.InRange(mean, 0, 6);
            return;
        }

        AssertEqual(file, ".partial.npy", image.ToRgb());
    }

    [GoldenTheory(Folder)]
    [InlineData("bad/other.bmp", "a BMP file")]
    [InlineData("bad/other.gif", "a GIF file")]
    [InlineData("bad/other.jp2", "a JPEG 2000 file")]
    [InlineData("bad/other.tif", "a TIFF file")]
    [InlineData("bad/other.webp", "a WebP file")]
    [InlineData("bad/webp_named.jpg", "a WebP file")]
    [InlineData("bad/lfs_pointer.png", "a Git LFS pointer")]
    [InlineData("bad/html.png", "a web page")]
    [InlineData("bad/empty.jpg", "an empty file")]
    [InlineData("bad/text.jpg", "text (\"")]
    [InlineData("bad/png_cgbi.png", "Apple's CgBI")]
    [InlineData("bad/jpeg_huge_size.jpg", "65535×65535; raise ImageOptions.MaxPixels")]
    [InlineData("bad/jpeg_sof7.jpg", "hierarchical")]
    [InlineData("jpeg_arithmetic.jpg", "arithmetic coding (SOF9)")]
    [InlineData("jpeg_arithmetic_progressive.jpg", "arithmetic coding, progressive (SOF10)")]
    [InlineData("jpeg_lossless.jpg", "lossless coding (SOF3)")]
    [InlineData("jpeg_12bit.jpg", "12-bit samples")]
    public void Names_what_it_refuses(string file, string name)
    {
        if (File.Exists(Goldens.PathOf($"{Folder}/{file}"))) // the committed set holds some of them only
        {
            Assert.Contains(name, Assert.Throws<FileFormatException>(() => ImageFile.Load(Goldens.PathOf($"{Folder}/{file}"))).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A second, and 64 MiB + 16 times the file: allocations released meanwhile count as if they were not.</summary>
    private static T Within<T>(string file, Func<string, T> read)
    {
        string path = Goldens.PathOf($"{Folder}/{file}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        T result = read(path);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L << 20) + (16 * new FileInfo(path).Length));
        return result;
    }

    private static IEnumerable<string> Files(string verdict) => !File.Exists(Goldens.PathOf($"{Folder}/expected.json")) ? [] :
        Expected.Value.RootElement.EnumerateObject()
            .Where(entry => entry.Value.ValueKind == JsonValueKind.Object && entry.Value.GetProperty("expect").GetString() == verdict && File.Exists(Goldens.PathOf($"{Folder}/{entry.Name}")))
            .Select(entry => entry.Name);

    private static ReferenceArray? Reference(string file, string suffix)
    {
        string path = Goldens.PathOf($"{Folder}/{file}{suffix}");
        return File.Exists(path) ? ReferenceArray.Load(path) : null;
    }

    private static void AssertEqual(string file, string suffix, Image actual)
    {
        if (Reference(file, suffix) is { } expected)
        {
            Assert.Equal(expected.Shape, new[] { actual.Height, actual.Width, actual.Channels });
            byte[] bytes = expected.As<byte>();
            int different = bytes.Zip(actual.Pixels).Count(pair => pair.First != pair.Second);
            Assert.True(different == 0, $"{suffix}: {different} of {bytes.Length} bytes differ, the first at {bytes.Zip(actual.Pixels).ToList().FindIndex(pair => pair.First != pair.Second)}");
        }
    }
}
