using NativeFree.Loaders.Npz;

namespace NativeFree.Loaders;

/// <summary>Writes a single array as <c>numpy.save</c> does.</summary>
public static class NpyWriter
{
    /// <summary>Writes <paramref name="array"/>, whose name the format has no place for, in place of the file at
    /// <paramref name="path"/>.</summary>
    /// <exception cref="IOException">As thrown by the file system.</exception>
    public static void Write(string path, NamedArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        NamedArray encoded = array.Encoded(ElementKind.WideText);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(NpyHeaderBytes.Of(encoded));
            encoded.Write(1 << 20, piece => stream.Write(piece.Span));
        });
    }
}
