using System.Runtime.InteropServices;
using System.Text;

namespace NativeFree.Loaders;

/// <summary>Fills <paramref name="piece"/> with consecutive elements, the first of them number <paramref name="start"/> in C
/// order.</summary>
public delegate void FloatSource(long start, Span<float> piece);

/// <summary>An array on its way into a file: name, type, shape, and elements in C order. Big ones are handed over in pieces, so that a
/// change of layout needs no second copy.</summary>
public sealed class NamedArray
{
    private readonly Action<long, Memory<byte>> fill;

    private NamedArray(string name, ElementType type, IReadOnlyList<long> shape, Action<long, Memory<byte>> fill)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (shape.Any(extent => extent < 0) || ArrayEntry.Product(shape) > long.MaxValue / Math.Max(1, type.Size))
        {
            throw new ArgumentException($"'{name}': extents must be 0 or more and their product fit memory; are [{string.Join(',', shape)}]", nameof(shape));
        }
        Name = name;
        Type = type;
        Shape = [.. shape];
        Count = ArrayEntry.Product(shape);
        this.fill = fill;
    }

    /// <summary>Path in the file, <c>/</c> between its parts.</summary>
    public string Name { get; }

    /// <summary>Type in the spelling of <see cref="ArrayEntry.Dtype"/>.</summary>
    public string Dtype => Type.Dtype;

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Product of <see cref="Shape"/>.</summary>
    public long Count { get; }

    internal ElementType Type { get; }

    /// <summary>Bytes of all elements.</summary>
    internal long Bytes => Count * Type.Size;

    /// <summary>An array of numbers in memory; <typeparamref name="T"/> is <see cref="Half"/>, float, double, bool or an integer of 8 to 64
    /// bits.</summary>
    /// <exception cref="ArgumentException">Another type, or as many values as <paramref name="shape"/> has elements are not
    /// there.</exception>
    public static NamedArray Of<T>(string name, IReadOnlyList<long> shape, ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        ElementType type = TypeOf<T>(name);
        var array = new NamedArray(name, type, shape, (start, piece) =>
            MemoryMarshal.AsBytes(values.Span.Slice((int)start, piece.Length / type.Size)).CopyTo(piece.Span));
        return array.Count == values.Length
            ? array
            : throw new ArgumentException($"'{name}': [{string.Join(',', shape)}] has {array.Count} elements; {values.Length} values are given", nameof(values));
    }

    /// <summary>A float32 array whose elements <paramref name="source"/> delivers, in order, in pieces as the writer asks for
    /// them.</summary>
    public static NamedArray OfPieces(string name, IReadOnlyList<long> shape, FloatSource source)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(source);
        return new NamedArray(name, TypeOf<float>(name), shape, (start, piece) =>
            source(start, MemoryMarshal.Cast<byte, float>(piece.Span)));
    }

    /// <summary>An array of texts, in npz as <c>U</c> (UTF-32), in HDF5 as UTF-8 of fixed length padded with zeros.</summary>
    /// <exception cref="ArgumentException">As many texts as <paramref name="shape"/> has elements are not there.</exception>
    public static NamedArray Texts(string name, IReadOnlyList<long> shape, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(texts);
        return ArrayEntry.Product(shape) == texts.Count
            ? new NamedArray(name, new ElementType(ElementKind.Text, 0), shape, (_, _) => { }) { texts = [.. texts] }
            : throw new ArgumentException($"'{name}': [{string.Join(',', shape)}] has {ArrayEntry.Product(shape)} elements; {texts.Count} texts are given", nameof(texts));
    }

    /// <summary>The texts as elements of one size in the given encoding, or the array itself when it holds numbers.</summary>
    internal NamedArray Encoded(ElementKind kind)
    {
        if (texts is null)
        {
            return this;
        }
        Encoding encoding = kind == ElementKind.WideText
            ? new UTF32Encoding(!BitConverter.IsLittleEndian, byteOrderMark: false)
            : new UTF8Encoding(false);
        byte[][] encoded = [.. texts.Select(encoding.GetBytes)];
        int smallest = kind == ElementKind.WideText ? 4 : 1;
        int size = Math.Max(smallest, encoded.Max(b => (int?)b.Length) ?? 0);
        var type = new ElementType(kind, size, kind == ElementKind.WideText && !BitConverter.IsLittleEndian);
        return new NamedArray(Name, type, Shape, (start, piece) =>
        {
            piece.Span.Clear();
            for (int i = 0; i * size < piece.Length; i++)
            {
                encoded[start + i].CopyTo(piece.Span[(i * size)..]);
            }
        });
    }

    /// <summary>Hands all bytes to <paramref name="receive"/> in pieces of up to <paramref name="pieceBytes"/>, whole elements
    /// each.</summary>
    internal void Write(int pieceBytes, Action<ReadOnlyMemory<byte>> receive)
    {
        if (Bytes == 0)
        {
            return;
        }
        long step = Math.Max(1, pieceBytes / Type.Size);
        byte[] buffer = new byte[Math.Min(step, Count) * Type.Size];
        for (long start = 0; start < Count; start += step)
        {
            Memory<byte> piece = buffer.AsMemory(0, (int)(Math.Min(step, Count - start) * Type.Size));
            fill(start, piece);
            receive(piece);
        }
    }

    private string[]? texts;

    private static ElementType TypeOf<T>(string name)
        where T : unmanaged
    {
        (ElementKind kind, int size) = default(T) switch
        {
            Half => (ElementKind.Float, 2),
            float => (ElementKind.Float, 4),
            double => (ElementKind.Float, 8),
            bool => (ElementKind.Bool, 1),
            sbyte => (ElementKind.Signed, 1),
            short => (ElementKind.Signed, 2),
            int => (ElementKind.Signed, 4),
            long => (ElementKind.Signed, 8),
            byte => (ElementKind.Unsigned, 1),
            ushort => (ElementKind.Unsigned, 2),
            uint => (ElementKind.Unsigned, 4),
            ulong => (ElementKind.Unsigned, 8),
            _ => throw new ArgumentException($"'{name}': arrays of {typeof(T).Name} are not written; floats, integers and bool are"),
        };
        return new ElementType(kind, size, size > 1 && !BitConverter.IsLittleEndian);
    }
}
