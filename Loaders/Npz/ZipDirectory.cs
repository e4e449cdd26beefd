using System.Buffers.Binary;

namespace NativeFree.Loaders.Npz;

/// <summary>
/// The central directory of a zip file, with zip64 fields (APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.5.3). Sizes are those of the directory,
/// so data descriptors do not matter.
/// Our own rather than ZipArchive's because members are read in parallel, in place, with limits and refusals of our own.
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalHeader = 0x04034B50;
    private const uint DirectoryHeader = 0x02014B50;
    private const uint EndRecord = 0x06054B50;
    private const uint Zip64EndRecord = 0x06064B50;
    private const uint Zip64Locator = 0x07064B50;
    private const int EndLength = 22;

    /// <summary>All members, in the order of the directory. Names are unique and stay inside the archive; no two members share
    /// bytes.</summary>
    /// <exception cref="FileFormatException">The directory is cut off or damaged, or breaks one of these rules.</exception>
    public static List<ZipEntry> Read(FileBytes file)
    {
        (long offset, long length, long count) = FindDirectory(file);
        // 46 bytes is a directory header without a name: the count is checked before the list is made.
        if (count > length / 46)
        {
            throw file.Fault(offset, $"a directory of {length} bytes cannot hold {count} members");
        }
        var entries = new List<ZipEntry>((int)count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        long at = offset;
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ReadHeader(file, ref at, offset + length);
            if (!names.Add(entry.Name))
            {
                throw file.Fault(at, $"two members are called '{entry.Name}'; which of them counts is undefined");
            }
            entries.Add(Locate(file, entry, offset));
        }
        RefuseOverlap(file, entries);
        return entries;
    }

    private static (long Offset, long Length, long Count) FindDirectory(FileBytes file)
    {
        long end = FindEnd(file);
        ReadOnlySpan<byte> record = file.Span(end, EndLength, "zip end record");
        long count = Read16(record, 10);
        long length = Read32(record, 12);
        long offset = Read32(record, 16);
        if (Read16(record, 4) is not (0 or 0xFFFF) || Read16(record, 8) != count)
        {
            throw file.Fault(end, "archives over several disks are not read");
        }
        bool needs64 = count == 0xFFFF || length == 0xFFFFFFFF || offset == 0xFFFFFFFF;
        if (end >= 20 && Read32(file.Span(end - 20, 20, "zip64 locator"), 0) == Zip64Locator)
        {
            long at = Read64(file, file.Span(end - 20, 20, "zip64 locator"), 8, end - 12);
            ReadOnlySpan<byte> wide = file.Span(at, 56, "zip64 end record");
            if (Read32(wide, 0) != Zip64EndRecord)
            {
                throw file.Fault(at, "the zip64 end record must start with PK 6 6");
            }
            count = Read64(file, wide, 32, at + 32);
            length = Read64(file, wide, 40, at + 40);
            offset = Read64(file, wide, 48, at + 48);
            end = at;
        }
        else if (needs64)
        {
            throw file.Fault(end, "the end record points to zip64 fields that are not there");
        }
        return offset <= end && length <= end - offset
            ? (offset, length, count)
            : throw file.Fault(end,
                $"the central directory must lie before its end record at {end}; claims {length} bytes from {offset} on");
    }

    /// <summary>The last end record whose comment reaches exactly to the end of the file.</summary>
    private static long FindEnd(FileBytes file)
    {
        long lowest = Math.Max(0, file.Length - EndLength - 0xFFFF);
        ReadOnlySpan<byte> tail = file.Span(lowest, file.Length - lowest, "end of zip");
        for (int i = tail.Length - EndLength; i >= 0; i--)
        {
            if (Read32(tail, i) == EndRecord && i + EndLength + Read16(tail, i + 20) == tail.Length)
            {
                return lowest + i;
            }
        }
        throw file.Fault(file.Length, "no zip directory at the end; the file is cut off");
    }

    private static ZipEntry ReadHeader(FileBytes file, ref long at, long end)
    {
        ReadOnlySpan<byte> header = file.Span(at, 46, "zip directory entry");
        if (Read32(header, 0) != DirectoryHeader)
        {
            throw file.Fault(at, "a directory entry must start with PK 1 2");
        }
        int nameLength = Read16(header, 28);
        int extraLength = Read16(header, 30);
        long total = 46L + nameLength + extraLength + Read16(header, 32);
        if (total > end - at)
        {
            throw file.Fault(at, "a directory entry runs past the directory");
        }
        string name = ArrayFile.DecodeBytes(file.Span(at + 46, nameLength, "member name"));
        CheckName(file, at, name);
        ushort flags = Read16(header, 8);
        if ((flags & 0x2041) != 0)
        {
            throw file.Fault(at, $"'{name}' is encrypted");
        }
        long[] wide = [Read32(header, 24), Read32(header, 20), Read32(header, 42)];
        Widen(file, at, file.Span(at + 46 + nameLength, extraLength, "extra fields"), wide);
        if (Read16(header, 34) is not (0 or 0xFFFF))
        {
            throw file.Fault(at, $"'{name}' lies on another disk");
        }
        at += total;
        return new ZipEntry(name, Read16(header, 10), Read32(header, 16), wide[1], wide[0], wide[2]);
    }

    /// <summary>Replaces those of size, stored size and offset that are all ones by the zip64 extra field's values, which come in this
    /// order.</summary>
    private static void Widen(FileBytes file, long at, ReadOnlySpan<byte> extra, long[] fields)
    {
        if (!fields.Contains(0xFFFFFFFF))
        {
            return;
        }
        while (extra.Length >= 4)
        {
            int length = Read16(extra, 2);
            if (length > extra.Length - 4)
            {
                break;
            }
            if (Read16(extra, 0) == 1)
            {
                ReadOnlySpan<byte> body = extra.Slice(4, length);
                for (int i = 0; i < fields.Length; i++)
                {
                    if (fields[i] == 0xFFFFFFFF)
                    {
                        if (body.Length < 8)
                        {
                            throw file.Fault(at, "the zip64 extra field is too short");
                        }
                        fields[i] = Read64(file, body, 0, at);
                        body = body[8..];
                    }
                }
                return;
            }
            extra = extra[(4 + length)..];
        }
        // Without the field, all ones is the plain value 2³² − 1.
    }

    /// <summary>Checks the local header and finds the data behind it.</summary>
    private static ZipEntry Locate(FileBytes file, ZipEntry entry, long directory)
    {
        ReadOnlySpan<byte> header = file.Span(entry.HeaderOffset, 30, "local header");
        if (Read32(header, 0) != LocalHeader)
        {
            throw file.Fault(entry.HeaderOffset, $"the local header of '{entry.Name}' must start with PK 3 4");
        }
        int nameLength = Read16(header, 26);
        long data = entry.HeaderOffset + 30 + nameLength + Read16(header, 28);
        if (ArrayFile.DecodeBytes(file.Span(entry.HeaderOffset + 30, nameLength, "member name")) != entry.Name)
        {
            throw file.Fault(entry.HeaderOffset, $"the local header of '{entry.Name}' has another name");
        }
        return data <= directory && entry.StoredBytes <= directory - data
            ? entry with { DataOffset = data }
            : throw file.Fault(entry.HeaderOffset,
                $"'{entry.Name}' must end before the directory at {directory}; claims {entry.StoredBytes} bytes from {data} on");
    }

    /// <summary>Overlapping members are how a small archive unpacks to a huge one.</summary>
    private static void RefuseOverlap(FileBytes file, List<ZipEntry> entries)
    {
        long end = 0;
        foreach (ZipEntry entry in entries.OrderBy(e => e.HeaderOffset))
        {
            if (entry.HeaderOffset < end)
            {
                throw file.Fault(entry.HeaderOffset, $"'{entry.Name}' overlaps the member before it");
            }
            end = entry.DataOffset + entry.StoredBytes;
        }
    }

    private static void CheckName(FileBytes file, long at, string name)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            throw file.Fault(at, "a member name is empty or has control characters");
        }
        if (name.Split('/', '\\').Contains(".."))
        {
            throw file.Fault(at, $"member name '{name}' climbs with '..'");
        }
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Read64(FileBytes file, ReadOnlySpan<byte> bytes, int at, long offset)
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        return value <= long.MaxValue ? (long)value : throw file.Fault(offset, $"a size or offset of {value} is beyond any file");
    }
}
