using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeFree.Tests;

/// <summary>
/// A reference array out of a .npy file or .npz member, read by a reader of the tests' own (little-endian, C order), so that the tests of a
/// loader do not lean on a loader.
/// </summary>
internal sealed partial record ReferenceArray(string Type, int[] Shape, byte[] Data)
{
    internal static ReferenceArray Load(string npy) => Parse(File.ReadAllBytes(npy));

    internal static Dictionary<string, ReferenceArray> LoadAll(string npz)
    {
        using ZipArchive zip = ZipFile.OpenRead(npz);
        return zip.Entries.ToDictionary(entry => entry.Name[..^".npy".Length], entry =>
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
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        int[] shape = [.. Dimensions().Matches(ShapeTuple().Match(header).Value).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))];
        return new ReferenceArray(Descriptor().Match(header).Groups[1].Value, shape, file[(start + length)..]);
    }

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex ShapeTuple();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Dimensions();
}
