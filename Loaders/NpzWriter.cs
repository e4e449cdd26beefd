using NativeFree.Loaders.Npz;

namespace NativeFree.Loaders;

/// <summary>Writes npz files as <c>numpy.savez</c> and <c>savez_compressed</c> do, for NumPy and Chainer's <c>load_npz</c>. The same arrays
/// give the same bytes: dates are fixed.</summary>
public static class NpzWriter
{
    /// <summary>Writes <paramref name="arrays"/> in the order given, stored or deflated, in place of the file at <paramref name="path"/>
    /// (see <see cref="AtomicFile"/>).</summary>
    /// <exception cref="ArgumentException">Two arrays have one name, or a name is empty, climbs with <c>..</c>, has control characters or
    /// 65,531 bytes and more.</exception>
    /// <exception cref="IOException">As thrown by the file system.</exception>
    public static void Write(string path, IEnumerable<NamedArray> arrays, bool compressed = false)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        NamedArray[] all = [.. arrays.Select(a => a.Encoded(ElementKind.WideText))];
        AtomicFile.Write(path, stream =>
        {
            var zip = new ZipWriter(stream);
            foreach (NamedArray array in all)
            {
                zip.Add(array.Name + ".npy", compressed, NpyHeaderBytes.Of(array), array);
            }
            zip.Finish();
        });
    }
}
