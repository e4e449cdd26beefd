using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Holds an attribute against its record in an <c>expected.json</c>: type, shape, value; long texts by length and hash, long lists
/// by first values and sum.</summary>
internal static class ExpectedAttribute
{
    public static void Check(ArrayAttribute actual, JsonElement expected, string dtype)
    {
        Assert.Equal(dtype, actual.Dtype);
        if (expected.GetProperty("shape").ValueKind == JsonValueKind.Null)
        {
            Assert.Null(actual.Shape);
            Assert.Null(actual.Value);
            return;
        }
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), actual.Shape);
        JsonElement value = expected.GetProperty("value");
        switch (value.ValueKind)
        {
            case JsonValueKind.String when actual.Value is string:
                Assert.Equal(value.GetString(), actual.Text);
                break;
            case JsonValueKind.Object when value.TryGetProperty("bytes", out JsonElement length):
                Assert.Equal(length.GetInt32(), Encoding.UTF8.GetByteCount(actual.Text!));
                Assert.Equal(value.GetProperty("sha256").GetString(), Hash(actual.Text!));
                break;
            case JsonValueKind.Object:
                Assert.Equal(value.GetProperty("count").GetInt32(), actual.Texts!.Count);
                Assert.Equal(value.GetProperty("first").EnumerateArray().Select(t => t.GetString()), actual.Texts.Take(8));
                Assert.Equal(value.GetProperty("sha256_of_lines").GetString(), Hash(string.Join('\n', actual.Texts)));
                break;
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                Assert.Empty(actual.Texts!);
                break;
            case JsonValueKind.Array when actual.Value is string[] texts:
                Assert.Equal(value.EnumerateArray().Select(t => t.GetString()), texts);
                break;
            case JsonValueKind.Array:
                CheckNumbers((Array)actual.Value!, value, expected);
                break;
            default:
                Assert.Equal(ExpectedArray.Double(value), actual.Number);
                break;
        }
    }

    /// <summary>SHA-256 of the text's UTF-8 bytes.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void CheckNumbers(Array actual, JsonElement value, JsonElement expected)
    {
        double[] numbers = [.. actual.Cast<IConvertible>().Select(n => n.ToDouble(CultureInfo.InvariantCulture))];
        Assert.Equal(value.EnumerateArray().Select(ExpectedArray.Double), numbers.Take(8));
        Assert.Equal(expected.GetProperty("sum").GetDouble(), numbers.Sum());
    }
}
