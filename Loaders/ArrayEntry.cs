namespace NativeFree.Loaders;

/// <summary>One array of an <see cref="ArrayFile"/>: what the file says about it, without its values.</summary>
public sealed class ArrayEntry
{
    internal ArrayEntry(string name, ElementType type, IReadOnlyList<long> shape, string storage)
    {
        Name = name;
        Type = type;
        Dtype = type.Dtype;
        Shape = shape;
        Storage = storage;
        Count = Product(shape);
    }

    /// <summary>Path inside the file with <c>/</c> as separator: <c>res2/a/conv1/W</c>, <c>conv1/conv1/kernel:0</c>. Only npz members that
    /// are stored with a leading <c>/</c> keep it.</summary>
    public string Name { get; }

    /// <summary>
    /// Type of an element in NumPy's spelling: <c>&lt;f4</c>, <c>&gt;i8</c>, <c>|b1</c>, <c>|S6</c>, <c>&lt;U12</c>. Beyond NumPy:
    /// <c>str</c> for texts of any length, <c>bfloat16</c>.
    /// <c>|O</c> with shape () is Chainer's record of a parameter that has no value yet, see <see cref="IsNone"/>. For a refused array,
    /// what the file calls the type, or empty.
    /// </summary>
    public string Dtype { get; internal init; }

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How the bytes lie in the file: <c>contiguous</c>, <c>compact</c>, <c>chunked gzip shuffle</c>, <c>stored</c>,
    /// <c>deflated</c>, with <c>fortran</c> behind it for column-major npy data.</summary>
    public string Storage { get; }

    /// <summary>Bytes of one element in the file; for a <c>str</c> those of its reference.</summary>
    public int ItemSize => Type.Size;

    /// <summary>Number of elements, the product of <see cref="Shape"/>; 1 for a scalar, 0 for <see cref="IsNull"/> and
    /// <see cref="IsNone"/>; for a refused array the product saturates at 2⁶³ − 1.</summary>
    public long Count { get; internal init; }

    /// <summary>
    /// Bytes of all elements when unpacked: <see cref="Count"/> · <see cref="ItemSize"/>, saturating. For an array that is not refused it
    /// is bounded by the size of the file and its <see cref="ReadLimits"/>,
    /// so that memory for it may be allocated.
    /// </summary>
    public long Bytes => ItemSize == 0 ? 0 : Count > long.MaxValue / ItemSize ? long.MaxValue : Count * ItemSize;

    /// <summary>True for Chainer's record of a parameter without a value (<c>|O</c>, shape ()). It has no elements and cannot be
    /// read.</summary>
    public bool IsNone { get; internal init; }

    /// <summary>True for an HDF5 null dataspace: a type, but no extents and no elements.</summary>
    public bool IsNull { get; internal init; }

    /// <summary>Why the array cannot be read, one line, or null when nothing speaks against it. Reading a refused array throws this very
    /// reason.</summary>
    public string? Refusal { get; internal init; }

    internal ElementType Type { get; }

    /// <summary>The reader's own record of where the bytes lie.</summary>
    internal object? Source { get; init; }

    /// <summary>The file that lists this entry.</summary>
    internal ArrayFile? Owner { get; set; }

    /// <summary>Name, type and extents: <c>conv1/W &lt;f4 [64,3,7,7]</c>.</summary>
    public override string ToString() => $"{Name} {Dtype} [{string.Join(',', Shape)}]";

    /// <summary>Product of the extents, saturating at 2⁶³ − 1; 0 as soon as one of them is 0.</summary>
    internal static long Product(IReadOnlyList<long> shape)
    {
        UInt128 product = 1;
        foreach (long extent in shape)
        {
            if (extent == 0)
            {
                return 0;
            }
            product = UInt128.Min(product * (ulong)extent, long.MaxValue);
        }
        return (long)product;
    }
}
