using System.Buffers.Binary;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Zip archives whose directory lies, made by changing single fields of a sound one.</summary>
public sealed class ZipDirectoryTests
{
    [Fact]
    public void The_sound_archive_reads() => Assert.Equal(["a", "b"], Open(Archive()).Arrays.Select(a => a.Name));

    [Theory]
    [InlineData(8, 0x0001, "is encrypted")]
    [InlineData(42, 7, "must start with PK 3 4")]
    [InlineData(34, 3, "lies on another disk")]
    [InlineData(20, 0xFFFF, "must end before the directory")]
    public void A_field_of_the_directory_that_cannot_be_is_refused(int field, int value, string reason) =>
        Refused(bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Directory(bytes) + field), (ushort)value), reason);

    [Theory]
    [InlineData(4, 1, "several disks")]
    [InlineData(10, 3, "several disks")]
    [InlineData(12, 0xFFFF, "must lie before its end record")]
    [InlineData(16, 1, "must start with PK 1 2")]
    public void A_field_of_the_end_record_that_cannot_be_is_refused(int field, int value, string reason) =>
        Refused(bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + field), (ushort)value), reason);

    [Fact]
    public void Counts_are_checked_before_memory_is_taken() => Refused(bytes =>
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 8), 60000);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 10), 60000);
    }, "cannot hold 60000 members");

    [Fact]
    public void Two_headers_with_two_names_are_refused() => Refused(bytes => bytes[30] = (byte)'c', "has another name");

    [Fact]
    public void Members_that_overlap_are_refused()
    {
        // The data of a holds a whole member b, header and all; the directory's b is pointed there.
        using var folder = new TemporaryFolder();
        NamedArray b = NamedArray.Of<long>("b", [], new[] { 3L });
        NpzWriter.Write(folder.File("b.npz"), [b]);
        byte[] inner = File.ReadAllBytes(folder.File("b.npz"));
        NpzWriter.Write(folder.File("a.npz"), [NamedArray.Of<byte>("a", [Directory(inner)], inner.AsMemory(0, Directory(inner))), b]);
        byte[] bytes = File.ReadAllBytes(folder.File("a.npz"));
        Assert.Equal(2, Open(bytes).Arrays.Count);
        int second = bytes.AsSpan(Directory(bytes) + 4).IndexOf("PK\u0001\u0002"u8) + Directory(bytes) + 4;
        int inside = bytes.AsSpan(4).IndexOf("PK\u0003\u0004"u8) + 4;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(second + 42), inside);
        Assert.Contains("'b.npy' overlaps the member before it", Assert.Throws<FileFormatException>(() => Open(bytes)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_may_hold_the_signature_of_the_end()
    {
        byte[] bytes = [.. Archive(), .. "PK\u0005\u0006 and more, twenty-two bytes of it"u8];
        int comment = bytes.Length - Archive().Length;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Archive().Length - 2), (ushort)comment);
        Assert.Equal(2, Open(bytes).Arrays.Count);
    }

    [Fact]
    public void Something_that_is_no_array_is_named_and_does_not_stop_the_rest()
    {
        byte[] bytes = Archive();
        // b.npy becomes b.npz in both headers.
        for (int at = bytes.AsSpan().IndexOf("b.npy"u8); at >= 0; at = bytes.AsSpan().IndexOf("b.npy"u8))
        {
            bytes[at + 4] = (byte)'z';
        }
        ArrayFile file = Open(bytes);
        Assert.Equal("b.npz", Assert.Single(file.Refused).Name);
        file.Verify(Assert.Single(file.Arrays));
    }

    private static void Refused(Action<byte[]> damage, string reason)
    {
        byte[] bytes = Archive();
        damage(bytes);
        Assert.Contains(reason, Assert.Throws<FileFormatException>(() => Open(bytes)).Message, StringComparison.Ordinal);
    }

    private static ArrayFile Open(byte[] bytes) => ArrayFile.Open(bytes, "a.npz");

    private static byte[] Archive()
    {
        using var folder = new TemporaryFolder();
        NpzWriter.Write(folder.File("a.npz"),
            [NamedArray.Of<float>("a", [2], new[] { 1f, 2 }), NamedArray.Of<long>("b", [], new[] { 3L })]);
        return File.ReadAllBytes(folder.File("a.npz"));
    }

    private static int Directory(byte[] bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 22 + 16));
}
