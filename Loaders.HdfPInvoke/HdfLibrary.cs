using System.Text;
using HDF.PInvoke;

namespace NativeFree.Loaders;

/// <summary>
/// HDF5 files through the HDF5 C library, which the package HDF.PInvoke.1.10 brings. What <see cref="ArrayFile"/> refuses by name and the
/// library reads (szip, n-bit and scale-offset data, external storage, virtual datasets)
/// is written anew as a plain file that <see cref="ModelLoader"/> takes. The library trusts its input more than our reader does and has
/// crashed on damaged files: for files of known origin only.
/// </summary>
public static class HdfLibrary
{
    private static readonly byte[] Here = [(byte)'.', 0];

    /// <summary>
    /// Copies groups, numbers and texts, and attributes that are texts, lists of texts or single numbers. Integers, enumerations and bool
    /// become 64-bit, 16-bit floats 32. Soft and external links are not followed; of an object with
    /// several hard links the first by name counts.
    /// </summary>
    /// <param name="input">An HDF5 file.</param>
    /// <param name="output">The file to write: contiguous, without filters.</param>
    /// <returns>Paths of what was left out: links, compound, opaque and reference data, what the library cannot read; attributes as
    /// <c>path@name</c>.</returns>
    /// <exception cref="FileFormatException">The library cannot open the file.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="DllNotFoundException">The library is not there.</exception>
    public static IReadOnlyList<string> Rewrite(string input, string output)
    {
        ArgumentNullException.ThrowIfNull(input);
        H5.open();
        H5E.set_auto(H5E.DEFAULT, null!, 0); // failures come out as exceptions, not on the console
        using var file = new Handle(H5F.open(input, H5F.ACC_RDONLY), H5F.close);
        if (!file.IsOpen)
            throw new FileFormatException(input, "must be a file that the HDF5 library opens; it does not");
        using var root = new Handle(H5O.open(file.Id, Here), H5O.close);
        var writer = new Hdf5Writer();
        var leftOut = new List<string>();
        CopyGroup(root.Id, "", writer, [], leftOut);
        writer.Write(output);
        return leftOut;
    }

    private static void CopyGroup(long group, string path, Hdf5Writer writer, HashSet<ulong> seen, List<string> leftOut)
    {
        CopyAttributes(group, path, writer, leftOut);
        var info = default(H5G.info_t);
        H5G.get_info(group, ref info);
        for (ulong i = 0; i < info.nlinks; i++)
        {
            ulong number = i;
            byte[] name = Name((buffer, size) =>
                H5L.get_name_by_idx(group, Here, H5.index_t.NAME, H5.iter_order_t.INC, number, buffer!, size));
            string child = (path.Length == 0 ? "" : path + "/") + Text(name);
            var link = default(H5L.info_t);
            if (H5L.get_info(group, name, ref link) < 0 || link.type != H5L.type_t.HARD || !seen.Add(link.u.address))
            {
                leftOut.Add(child);
                continue;
            }
            using var item = new Handle(H5O.open(group, name), H5O.close);
            long id = item.Id;
            if (item.IsOpen && H5I.get_type(id) == H5I.type_t.GROUP)
            {
                writer.AddGroup(child);
                CopyGroup(id, child, writer, seen, leftOut);
            }
            else if (item.IsOpen && H5I.get_type(id) == H5I.type_t.DATASET && Dataset(id) is { } elements)
            {
                writer.Add(elements.Named(child));
                CopyAttributes(id, child, writer, leftOut);
            }
            else
            {
                leftOut.Add(child);
            }
        }
    }

    private static HdfElements? Dataset(long id) => HdfElements.Read(
        H5D.get_type(id), H5D.get_space(id), (type, memory) => H5D.read(id, type, H5S.ALL, H5S.ALL, H5P.DEFAULT, memory));

    private static void CopyAttributes(long owner, string path, Hdf5Writer writer, List<string> leftOut)
    {
        for (ulong i = 0; ; i++)
        {
            using var attribute = new Handle(H5A.open_by_idx(owner, Here, H5.index_t.NAME, H5.iter_order_t.INC, i), H5A.close);
            if (!attribute.IsOpen)
                return; // behind the last one
            long id = attribute.Id;
            string name = Text(Name((buffer, size) => H5A.get_name(id, size, buffer!)));
            var elements = HdfElements.Read(H5A.get_type(id), H5A.get_space(id), (type, memory) => H5A.read(id, type, memory));
            if (elements?.SetAttribute(writer, path, name) != true)
                leftOut.Add($"{path}@{name}");
        }
    }

    private static string Text(byte[] terminated) => Encoding.UTF8.GetString(terminated.AsSpan(0, terminated.Length - 1));

    /// <summary>A name of unknown length, its zero byte included: asked for twice, the first time for its length.</summary>
    private static byte[] Name(Func<byte[]?, nint, nint> get)
    {
        byte[] name = new byte[(int)get(null, 0) + 1];
        get(name, name.Length);
        return name;
    }
}
