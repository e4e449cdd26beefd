using System.Numerics;
using System.Runtime.InteropServices;

namespace NativeFree.Loaders.Images;

/// <summary>
/// The five row filters of PNG, undone in place: a left neighbour, b above, c above left, all modulo 256 (specification, clause 9).
/// </summary>
internal static class PngFilter
{
    /// <summary>
    /// Returns false where <paramref name="type"/> is none of 0..4. <paramref name="above"/> is the row before, zeros for the first.
    /// </summary>
    internal static bool Undo(int type, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (type)
        {
            case 0:
                return true;
            case 1:
                for (int i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                return true;
            case 2:
                Up(row, above);
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) >> 1);
                }

                return true;
            case 4:
                for (int i = 0; i < Math.Min(step, row.Length); i++)
                {
                    row[i] += above[i];
                }

                for (int i = step; i < row.Length; i++)
                {
                    row[i] += Paeth(row[i - step], above[i], above[i - step]);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The other direction: writes the filtered row and returns Σ |byte as signed|, by which the writer chooses.</summary>
    internal static long Apply(int type, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered)
    {
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], corner = i < step ? 0 : above[i - step];
            int predicted = type switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) >> 1,
                _ => Paeth(left, above[i], corner),
            };
            filtered[i] = (byte)(row[i] - predicted);
            sum += Math.Abs((int)(sbyte)filtered[i]);
        }

        return sum;
    }

    /// <summary>Of a, b, c the one nearest to a + b − c, in this order where they tie.</summary>
    internal static byte Paeth(int a, int b, int c)
    {
        int pa = Math.Abs(b - c), pb = Math.Abs(a - c), pc = Math.Abs(a + b - c - c);
        return (byte)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        Span<Vector<byte>> wide = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        ReadOnlySpan<Vector<byte>> wideAbove = MemoryMarshal.Cast<byte, Vector<byte>>(above);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] += wideAbove[i];
        }

        for (int i = wide.Length * Vector<byte>.Count; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }
}
