using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeFree.Tests;

/// <summary>
/// A reference array out of a .npy file or .npz member, read by a reader of the tests' own (little-endian), so that the tests of a
/// loader do not lean on a loader.
/// </summary>
internal sealed partial record ReferenceArray(string Type, int[] Shape, byte[] Data)
{
    internal static ReferenceArray Load(string npy) => Parse(File.ReadAllBytes(npy));

    internal static Dictionary<string, ReferenceArray> LoadAll(string npz)
    {
        using ZipArchive zip = ZipFile.OpenRead(npz);
        return zip.Entries.ToDictionary(entry => entry.FullName[..^".npy".Length], entry =>
        {
            using Stream stream = entry.Open();
            var memory = new MemoryStream();
            stream.CopyTo(memory);
            return Parse(memory.ToArray());
        });
    }

    /// <summary>
    /// The elements, when <typeparamref name="T"/> is what the type says ("|u1" byte, "&lt;u2" ushort, "&lt;f4" float, "&lt;f8" double).
    /// </summary>
    internal T[] As<T>()
        where T : unmanaged
    {
        string wanted = default(T) switch { byte => "u1", ushort => "u2", int => "i4", long => "i8", float => "f4", double => "f8", _ => "?" };
        Assert.Equal(wanted, Type[1..]);
        return MemoryMarshal.Cast<byte, T>(Data).ToArray();
    }

    private static ReferenceArray Parse(byte[] file)
    {
        bool wide = file[6] > 1;
        int start = wide ? 12 : 10, length = wide ? BitConverter.ToInt32(file, 8) : BitConverter.ToUInt16(file, 8);
        string header = Encoding.ASCII.GetString(file, start, length);
        int[] shape = [.. Dimensions().Matches(ShapeTuple().Match(header).Value).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))];
        byte[] data = file[(start + length)..];
        bool columnsFirst = header.Contains("'fortran_order': True", StringComparison.Ordinal);
        return new ReferenceArray(Descriptor().Match(header).Groups[1].Value, shape, columnsFirst ? ToRowsFirst(data, shape) : data);
    }

    /// <summary>Fortran order, first axis fastest, to C order.</summary>
    private static byte[] ToRowsFirst(byte[] data, int[] shape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        if (count == 0)
            return data;
        int size = data.Length / count;
        byte[] result = new byte[data.Length];
        for (int i = 0; i < count; i++)
        {
            int rest = i, from = 0, step = count;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                step /= shape[axis];
                from += rest % shape[axis] * step;
                rest /= shape[axis];
            }
            data.AsSpan(from * size, size).CopyTo(result.AsSpan(i * size));
        }
        return result;
    }

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex ShapeTuple();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Dimensions();
}
