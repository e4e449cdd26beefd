namespace NativeFree.Loaders;

/// <summary>One array of an <see cref="ArrayFile"/>: what the file says about it, without its values.</summary>
public sealed class ArrayEntry
{
    internal ArrayEntry(string name, string dtype, long[] shape, string storage, int itemSize)
    {
        Name = name;
        Dtype = dtype;
        Shape = shape;
        Storage = storage;
        ItemSize = itemSize;
    }

    /// <summary>Path inside the file with <c>/</c> as separator and none in front: <c>res2/a/conv1/W</c>, <c>conv1/conv1/kernel:0</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Type of an element in NumPy's spelling: <c>&lt;f4</c>, <c>&gt;i8</c>, <c>|b1</c>, <c>|S6</c>, <c>&lt;U12</c>. Beyond NumPy: <c>str</c> for texts of any length, <c>bfloat16</c>.
    /// <c>|O</c> with shape () is Chainer's record of a parameter that has no value yet, see <see cref="IsNone"/>. For a refused array, what the file calls the type, or empty.
    /// </summary>
    public string Dtype { get; }

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How the bytes lie in the file: <c>contiguous</c>, <c>compact</c>, <c>chunked gzip shuffle</c>, <c>stored</c>, <c>deflated</c>, with <c>fortran</c> behind it for column-major npy data.</summary>
    public string Storage { get; }

    /// <summary>Bytes of one element in the file; 16 at most for a <c>str</c> (its reference), 0 where there is none.</summary>
    public int ItemSize { get; }

    /// <summary>Number of elements, the product of <see cref="Shape"/>; 1 for a scalar, 0 for <see cref="IsNull"/> and <see cref="IsNone"/>.</summary>
    public long Count { get; internal init; }

    /// <summary>Bytes of all elements when unpacked: <see cref="Count"/> · <see cref="ItemSize"/>.</summary>
    public long Bytes => Count * ItemSize;

    /// <summary>True for Chainer's record of a parameter without a value (<c>|O</c>, shape ()). It has no elements and cannot be read.</summary>
    public bool IsNone { get; internal init; }

    /// <summary>True for an HDF5 null dataspace: a type, but no extents and no elements.</summary>
    public bool IsNull { get; internal init; }

    /// <summary>Why the array cannot be read, one line, or null when nothing speaks against it. Reading a refused array throws this very reason.</summary>
    public string? Refusal { get; internal init; }

    /// <summary>The reader's own record of where the bytes lie.</summary>
    internal object? Source { get; init; }

    /// <summary>Name, type and extents: <c>conv1/W &lt;f4 [64,3,7,7]</c>.</summary>
    public override string ToString() => $"{Name} {Dtype} [{string.Join(',', Shape)}]";
}
