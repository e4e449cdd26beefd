using System.Text;

namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>An attribute under construction: type, extents, and the value's bytes, or texts that go through the global heap.</summary>
internal sealed record AttributeToWrite(string Name, byte[] Type, IReadOnlyList<long> Shape, byte[] Data)
{
    /// <summary>UTF-8 texts of variable length, whose references take the place of <see cref="Data"/>.</summary>
    public byte[][] Variable { get; private init; } = [];

    public static AttributeToWrite Number(string name, ElementType type, byte[] data) => new(name, DatatypeBytes.Of(type), [], data);

    /// <summary>What h5py makes of an empty list: float64 of shape (0,).</summary>
    public static AttributeToWrite Empty(string name) => new(name, DatatypeBytes.Of(new ElementType(ElementKind.Float, 8)), [0], []);

    /// <summary>Texts as elements of the size of the longest, like a NumPy array of type S.</summary>
    public static AttributeToWrite Fixed(string name, IReadOnlyList<long> shape, IReadOnlyList<string> texts)
    {
        byte[][] encoded = Encode(texts);
        int size = Math.Max(1, encoded.Max(t => t.Length));
        byte[] data = new byte[size * encoded.Length];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i].CopyTo(data, i * size);
        }
        return new(name, DatatypeBytes.FixedText(size, texts.All(t => Ascii.IsValid(t)) ? 0 : 0x10), shape, data);
    }

    public static AttributeToWrite VariableLength(string name, IReadOnlyList<long> shape, IReadOnlyList<string> texts) =>
        new(name, DatatypeBytes.VariableText(), shape, []) { Variable = Encode(texts) };

    /// <summary>The version 1 message; each part is filled up to eight bytes.</summary>
    public byte[] Message(byte[] data)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(Name), 0];
        byte[] space = DatatypeBytes.Dataspace(Shape);
        return new MetadataBuffer().U8(1).U8(0).U16(name.Length).U16(Type.Length).U16(space.Length)
            .Raw(name).Align().Raw(Type).Align().Raw(space).Align().Raw(data).ToArray();
    }

    private static byte[][] Encode(IReadOnlyList<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
