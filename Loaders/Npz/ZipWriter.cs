using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NativeFree.Loaders.Npz;

/// <summary>
/// Writes a zip file member by member. Sizes and checksum are put into the local header once they are known, so that there are no data
/// descriptors; zip64 fields appear where a size or offset needs them.
/// </summary>
internal sealed class ZipWriter(FileStream stream)
{
    /// <summary>1980-01-01, the first day a zip knows: the same contents give the same bytes on any day.</summary>
    private const uint FixedDate = 0x0021_0000;

    private const uint Wide = 0xFFFFFFFF;
    private const ushort Zip64Version = 45, DeflateVersion = 20;
    private readonly List<Member> members = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Adds one member: <paramref name="head"/>, then the array's bytes.</summary>
    public void Add(string name, bool compressed, byte[] head, NamedArray array)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        if (encoded.Length > ushort.MaxValue || name == ".npy" || name.Any(char.IsControl) || name.Split('/', '\\').Contains(".."))
        {
            throw new ArgumentException($"'{name}': a member name must be short, without '..' and control characters, and not empty",
                nameof(name));
        }
        if (!names.Add(name))
        {
            throw new ArgumentException($"two arrays are called '{name[..^4]}'", nameof(name));
        }
        long bytes = head.Length + array.Bytes;
        // Deflate may add five bytes to 16 KiB of what does not compress; the margin covers that.
        bool wide = bytes > 0xF000_0000;
        var member = new Member(encoded, compressed, stream.Position, bytes, wide) { Unicode = encoded.Length > name.Length };
        stream.Write(LocalHeader(member));
        long start = stream.Position;
        member.Crc = WriteData(compressed, head, array);
        long end = stream.Position;
        member.Stored = end - start;
        stream.Position = member.Offset;
        stream.Write(LocalHeader(member));
        stream.Position = end;
        members.Add(member);
    }

    /// <summary>Writes the directory.</summary>
    public void Finish()
    {
        long start = stream.Position;
        foreach (Member member in members)
        {
            stream.Write(DirectoryHeader(member));
        }
        long length = stream.Position - start;
        if (start >= Wide || length >= Wide || members.Count >= ushort.MaxValue)
        {
            WriteZip64End(start, length);
        }
        var end = new ZipRecord(22);
        end.U32(0x06054B50);
        end.U32(0);
        end.U16((ushort)Math.Min(members.Count, ushort.MaxValue));
        end.U16((ushort)Math.Min(members.Count, ushort.MaxValue));
        end.U32((uint)Math.Min(length, Wide));
        end.U32((uint)Math.Min(start, Wide));
        end.U16(0);
        stream.Write(end.Bytes);
    }

    private uint WriteData(bool compressed, byte[] head, NamedArray array)
    {
        uint crc = 0;
        Stream target = compressed ? new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true) : stream;
        void Put(ReadOnlyMemory<byte> piece)
        {
            crc = Crc32.Of(piece.Span, crc);
            target.Write(piece.Span);
        }
        Put(head);
        array.Write(1 << 18, Put);
        if (compressed)
        {
            target.Dispose();
        }
        return crc;
    }

    private static byte[] LocalHeader(Member member)
    {
        var record = new ZipRecord(30 + member.Name.Length + (member.IsWide ? 20 : 0));
        record.U32(0x04034B50);
        record.U16(member.IsWide ? Zip64Version : DeflateVersion);
        WriteCommon(record, member);
        record.U32(member.IsWide ? Wide : (uint)member.Stored);
        record.U32(member.IsWide ? Wide : (uint)member.Bytes);
        record.U16((ushort)member.Name.Length);
        record.U16(member.IsWide ? (ushort)20 : (ushort)0);
        record.Raw(member.Name);
        if (member.IsWide)
        {
            record.U16(1);
            record.U16(16);
            record.U64(member.Bytes);
            record.U64(member.Stored);
        }
        return record.Bytes;
    }

    private static byte[] DirectoryHeader(Member member)
    {
        bool farOffset = member.Offset >= Wide;
        int fields = (member.IsWide ? 16 : 0) + (farOffset ? 8 : 0);
        int extra = fields > 0 ? fields + 4 : 0;
        var record = new ZipRecord(46 + member.Name.Length + extra);
        record.U32(0x02014B50);
        record.U16(fields > 0 ? Zip64Version : DeflateVersion);
        record.U16(fields > 0 ? Zip64Version : DeflateVersion);
        WriteCommon(record, member);
        record.U32(member.IsWide ? Wide : (uint)member.Stored);
        record.U32(member.IsWide ? Wide : (uint)member.Bytes);
        record.U16((ushort)member.Name.Length);
        record.U16((ushort)extra);
        // Comment, disk, internal and external attributes.
        record.Skip(10);
        record.U32(farOffset ? Wide : (uint)member.Offset);
        record.Raw(member.Name);
        if (fields > 0)
        {
            record.U16(1);
            record.U16((ushort)fields);
            if (member.IsWide)
            {
                record.U64(member.Bytes);
                record.U64(member.Stored);
            }
            if (farOffset)
            {
                record.U64(member.Offset);
            }
        }
        return record.Bytes;
    }

    /// <summary>Flags, method, date and checksum, which both headers have in this order.</summary>
    private static void WriteCommon(ZipRecord record, Member member)
    {
        record.U16(member.Unicode ? (ushort)0x0800 : (ushort)0);
        record.U16(member.Compressed ? (ushort)8 : (ushort)0);
        record.U32(FixedDate);
        record.U32(member.Crc);
    }

    private void WriteZip64End(long start, long length)
    {
        long at = stream.Position;
        var end = new ZipRecord(56 + 20);
        end.U32(0x06064B50);
        end.U64(44);
        end.U16(Zip64Version);
        end.U16(Zip64Version);
        end.U64(0);
        end.U64(members.Count);
        end.U64(members.Count);
        end.U64(length);
        end.U64(start);
        end.U32(0x07064B50);
        end.U32(0);
        end.U64(at);
        end.U32(1);
        stream.Write(end.Bytes);
    }

    private sealed record Member(byte[] Name, bool Compressed, long Offset, long Bytes, bool IsWide)
    {
        public bool Unicode { get; init; }

        public long Stored { get; set; }

        public uint Crc { get; set; }
    }

    /// <summary>Little-endian fields one behind the other.</summary>
    private sealed class ZipRecord(int length)
    {
        private int at;

        public byte[] Bytes { get; } = new byte[length];

        public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

        public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

        public void U64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

        public void Raw(byte[] value) => value.CopyTo(Take(value.Length));

        public void Skip(int count) => at += count;

        private Span<byte> Take(int count) => Bytes.AsSpan((at += count) - count, count);
    }
}
