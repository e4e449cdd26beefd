using System.Buffers.Binary;
using System.IO.Compression;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>
/// Damages PNG files where checksums would catch it: the header, the palette and the scanlines before they are deflated are changed and
/// packed again; a third is damaged as plain bytes. Checksums of chunks are made right as far as the lengths lead.
/// </summary>
internal static class PngMutation
{
    private const int SignatureLength = 8, MostScanlines = 1 << 20;

    private static readonly int[] HeaderFields = [3, 7, 8, 9, 10, 11, 12];
    private static readonly byte[] HeaderValues = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 32, 127, 128, 255];

    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        byte[] bytes = random.Next(3) == 0 || Chunks(sample.Bytes) is not { } chunks
            ? Mutation.Of(sample.Bytes, other.Bytes, random)
            : [.. sample.Bytes[..SignatureLength], .. Changed(chunks, random).SelectMany(Packed)];
        RepairChecksums(bytes, random);
        return bytes;
    }

    private static List<(byte[] Type, byte[] Data)> Changed(List<(byte[] Type, byte[] Data)> chunks, Random random)
    {
        var data = new MemoryStream();
        var changed = new List<(byte[] Type, byte[] Data)>();
        foreach ((byte[] type, byte[] contents) in chunks)
        {
            if (type.AsSpan().SequenceEqual("IDAT"u8))
            {
                data.Write(contents);
                continue;
            }
            if (type.AsSpan().SequenceEqual("IEND"u8))
                AddData(changed, data.ToArray(), random);
            bool header = type.AsSpan().SequenceEqual("IHDR"u8);
            byte[] copy = [.. contents];
            if (copy.Length > 0 && random.Next(header ? 3 : 4) == 0)
            {
                // Of the header's 13 bytes the low bytes of the sides and what follows them are worth most.
                int at = header && copy.Length > 12 ? HeaderFields[random.Next(HeaderFields.Length)] : random.Next(copy.Length);
                copy[at] = HeaderValues[random.Next(HeaderValues.Length)];
            }
            changed.Add((type, copy));
        }
        if (changed.Count > 1 && random.Next(8) == 0)
            changed.RemoveAt(random.Next(changed.Count));
        return changed;
    }

    /// <summary>The scanlines changed and deflated again, in one or several chunks.</summary>
    private static void AddData(List<(byte[] Type, byte[] Data)> changed, byte[] packed, Random random)
    {
        byte[] lines = Inflated(packed) is { Length: > 0 } raw && random.Next(4) > 0 ? Deflated(Mutation.Of(raw, raw, random)) : packed;
        int parts = 1 + random.Next(3);
        for (int i = 0; i < parts; i++)
            changed.Add(("IDAT"u8.ToArray(), lines[(lines.Length * i / parts)..(lines.Length * (i + 1) / parts)]));
    }

    private static byte[] Inflated(byte[] packed)
    {
        byte[] lines = new byte[MostScanlines];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            return lines[..stream.ReadAtLeast(lines, lines.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static byte[] Deflated(byte[] lines)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(lines);
        return packed.ToArray();
    }

    /// <summary>The chunks of a file that is whole; null for another.</summary>
    private static List<(byte[] Type, byte[] Data)>? Chunks(byte[] bytes)
    {
        var chunks = new List<(byte[], byte[])>();
        for (int at = SignatureLength; at + 12 <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
                return null;
            chunks.Add((bytes[(at + 4)..(at + 8)], bytes[(at + 8)..(at + 8 + (int)length)]));
            at += 12 + (int)length;
        }
        return chunks.Count == 0 ? null : chunks;
    }

    private static byte[] Packed((byte[] Type, byte[] Data) chunk)
    {
        byte[] packed = [0, 0, 0, 0, .. chunk.Type, .. chunk.Data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(packed, chunk.Data.Length);
        return packed;
    }

    private static void RepairChecksums(byte[] bytes, Random random)
    {
        for (int at = SignatureLength; at + 12 <= bytes.Length && random.Next(64) != 0;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
                return;
            uint crc = Crc32.Of(bytes.AsSpan(at + 4, 4 + (int)length));
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 8 + (int)length), crc);
            at += 12 + (int)length;
        }
    }
}
