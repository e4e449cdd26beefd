using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Holds an array of a file against its record in an <c>expected.json</c>: type, shape, first values in C order, sum.</summary>
internal static class ExpectedArray
{
    /// <summary>Checks everything that <paramref name="expected"/> states; <paramref name="dtype"/> is its type in our spelling.</summary>
    public static void Check(ArrayFile file, ArrayEntry entry, JsonElement expected, string dtype)
    {
        Assert.Null(entry.Refusal);
        Assert.Equal(dtype, entry.Dtype);
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), entry.Shape);
        if (!expected.TryGetProperty("first", out JsonElement first))
        {
            return;
        }
        if (first.GetArrayLength() > 0)
        {
            CheckFirst(file, entry, [.. first.EnumerateArray()]);
        }
        if (expected.TryGetProperty("sum", out JsonElement sum))
        {
            CheckSum(file, entry, sum);
        }
        if (entry.Type.IsNumber)
        {
            CheckFloats(file, entry);
        }
        file.Verify(entry);
    }

    public static double Double(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            string other => throw new FormatException(other),
            null => throw new FormatException("null"),
        },
        _ => value.GetDouble(),
    };

    private static void CheckFirst(ArrayFile file, ArrayEntry entry, JsonElement[] first)
    {
        if (entry.Type.IsText)
        {
            Assert.Equal(first.Select(t => t.ValueKind == JsonValueKind.Object ? t.GetProperty("sha256").GetString() : t.GetString()),
                file.ReadStrings(entry).Zip(first, (text, t) => t.ValueKind == JsonValueKind.Object ? ExpectedAttribute.Hash(text) : text));
        }
        else if (entry.Type.Kind == ElementKind.Bool)
        {
            Assert.Equal(first.Select(Double), Doubles(file, entry).Take(first.Length));
        }
        else if (entry.Type.IsInteger)
        {
            Assert.Equal(first.Select(Integer), Integers(file, entry).Take(first.Length));
        }
        else
        {
            Assert.Equal(first.Select(v => Bits(Double(v))), Doubles(file, entry).Take(first.Length).Select(Bits));
        }
    }

    private static void CheckSum(ArrayFile file, ArrayEntry entry, JsonElement sum)
    {
        if (entry.Type.IsInteger)
        {
            Assert.Equal(Integer(sum), Integers(file, entry).Aggregate(BigInteger.Zero, (a, b) => a + b));
            return;
        }
        double[] values = Doubles(file, entry);
        if (sum.ValueKind is JsonValueKind.Null or JsonValueKind.String)
        {
            Assert.False(double.IsFinite(values.Sum()));
            return;
        }
        double magnitude = values.Sum(Math.Abs);
        double difference = Math.Abs(values.Sum() - sum.GetDouble());
        // Two orders of summing n ≤ 30,000 values in float64 differ by far less.
        Assert.True(difference <= 1e-12 * magnitude, $"{entry.Name}: sum {values.Sum():r}, expected {sum.GetDouble():r}");
    }

    /// <summary>The float32 doors against the float64 one.</summary>
    private static void CheckFloats(ArrayFile file, ArrayEntry entry)
    {
        double[] doubles = Doubles(file, entry);
        float[] floats = new float[entry.Count];
        file.ReadFloats(entry, floats);
        Assert.Equal(doubles.Select(d => BitConverter.SingleToInt32Bits((float)d)), floats.Select(BitConverter.SingleToInt32Bits));
        float[] gathered = new float[entry.Count];
        file.ReadFloatPieces(entry, (start, piece) => piece.CopyTo(gathered.AsSpan((int)start)));
        Assert.Equal(floats.Select(BitConverter.SingleToInt32Bits), gathered.Select(BitConverter.SingleToInt32Bits));
    }

    /// <summary>Bits, so that −0 is not 0; every NaN counts as one.</summary>
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);

    private static double[] Doubles(ArrayFile file, ArrayEntry entry)
    {
        double[] values = new double[entry.Count];
        file.ReadDoubles(entry, values);
        return values;
    }

    private static BigInteger[] Integers(ArrayFile file, ArrayEntry entry)
    {
        if (entry.Type is { Kind: ElementKind.Unsigned, Size: 8 })
        {
            byte[] raw = new byte[entry.Bytes];
            file.ReadBytes(entry, raw);
            return [.. raw.Chunk(8).Select(c =>
                (BigInteger)(entry.Type.BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(c) : BinaryPrimitives.ReadUInt64LittleEndian(c)))];
        }
        long[] values = new long[entry.Count];
        file.ReadInt64s(entry, values);
        return [.. values.Select(v => (BigInteger)v)];
    }

    private static BigInteger Integer(JsonElement value) =>
        BigInteger.Parse(value.GetRawText(), System.Globalization.CultureInfo.InvariantCulture);
}
