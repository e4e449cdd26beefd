using System.Buffers.Binary;

namespace NativeFree.Tests;

/// <summary>
/// Damages JPEG files segment by segment: fields of headers and tables get extreme values, segments are doubled, left out, exchanged, or
/// taken from another file, marks appear in the coded data. A third is damaged as plain
/// bytes.
/// </summary>
internal static class JpegMutation
{
    // Frame, table, scan, restart and end marks, the number of lines, and some that no decoder wants.
    private static readonly byte[] Marks = [0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC9, 0xCC, 0xD0, 0xD3, 0xD7, 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD,
        0xDE, 0xE0, 0xE1, 0xEE, 0xFE, 0x01, 0x00];
    private static readonly byte[] Extremes = [0, 1, 2, 3, 4, 7, 8, 10, 11, 12, 15, 16, 17, 32, 33, 63, 64, 127, 128, 254, 255];

    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        if (random.Next(3) == 0)
            return Mutation.Of(sample.Bytes, other.Bytes, random);
        List<byte[]> parts = Parts(sample.Bytes), foreign = Parts(other.Bytes);
        for (int steps = 1 + random.Next(3); steps > 0; steps--)
            Step(parts, foreign, random);
        return [.. parts.SelectMany(part => part)];
    }

    /// <summary>The file cut before every segment; a scan's coded data goes with its header, up to the next mark that is no
    /// restart.</summary>
    internal static List<byte[]> Parts(byte[] bytes)
    {
        var parts = new List<byte[]>();
        int start = 0;
        for (int at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF || bytes[at + 1] is 0 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                at++;
                continue;
            }
            parts.Add(bytes[start..at]);
            start = at;
            at += 2 + (bytes[at + 1] is 0xD8 or 0xD9 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2)));
        }
        parts.Add(bytes[start..]);
        return parts;
    }

    private static void Step(List<byte[]> parts, List<byte[]> foreign, Random random)
    {
        int chosen = random.Next(parts.Count), second = random.Next(parts.Count);
        byte[] part = [.. parts[chosen]];
        switch (random.Next(10))
        {
            case 0:
                parts.Insert(chosen, parts[second]);
                return;
            case 1 when parts.Count > 2:
                parts.RemoveAt(chosen);
                return;
            case 2:
                (parts[chosen], parts[second]) = (parts[second], parts[chosen]);
                return;
            case 3:
                parts.Insert(chosen, foreign[random.Next(foreign.Count)]);
                return;
            case 4 when part.Length > 1:
                part[1] = Marks[random.Next(Marks.Length)];
                break;
            case 5 when part.Length > 4:
                // A mark in the coded data.
                int at = 2 + random.Next(part.Length - 3);
                part[at] = 0xFF;
                part[at + 1] = Marks[random.Next(Marks.Length)];
                break;
            case 6 when part.Length > 8:
                part = part[..^(1 + random.Next(part.Length / 2))];
                break;
            default:
                for (int fields = 1 + random.Next(3); fields > 0 && part.Length > 2; fields--)
                    part[2 + random.Next(Math.Min(part.Length - 2, 40))] = random.Next(2) == 0 ? Extremes[random.Next(Extremes.Length)]
                        : (byte)random.Next(256);
                break;
        }
        parts[chosen] = part;
    }
}
