namespace NativeFree.Loaders;

/// <summary>A small value attached to a group or array of an HDF5 file.</summary>
/// <param name="Name">Name of the attribute, unique within its object.</param>
/// <param name="Dtype">Type in the spelling of <see cref="ArrayEntry.Dtype"/>.</param>
/// <param name="Shape">Extents; empty for a scalar, null for a null dataspace.</param>
/// <param name="Value">
/// A scalar: <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="ulong"/> (unsigned 64-bit types only) or
/// <see cref="double"/>.
/// Otherwise an array of one of these, flat in C order. Null for a null dataspace.
/// </param>
public sealed record ArrayAttribute(string Name, string Dtype, IReadOnlyList<long>? Shape, object? Value)
{
    /// <summary>The value where it is a single text, else null. A list of one text counts as a text.</summary>
    public string? Text => Value as string ?? (Value is string[] { Length: 1 } one ? one[0] : null);

    /// <summary>
    /// The value as a list of texts, else null. Anything of length 0 is an empty list: Keras has h5py write an empty list of names as
    /// float64 of shape (0,). A single text is a list of one.
    /// </summary>
    public IReadOnlyList<string>? Texts => Value switch
    {
        string[] many => many,
        string one => [one],
        Array { Length: 0 } => [],
        _ => null,
    };

    /// <summary>The value where it is a single number, else null.</summary>
    public double? Number => Value switch
    {
        double d => d,
        long l => l,
        ulong u => u,
        bool b => b ? 1 : 0,
        _ => null,
    };
}
