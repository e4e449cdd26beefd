namespace NativeFree.Loaders;

public abstract partial class ArrayFile
{
    /// <summary>
    /// destination[i] = (float)element[i] in C order. Reads f2, f4, f8, bfloat16, every integer and bool, of either byte order; f8 and integers round to nearest even.
    /// Little-endian f4 that lies contiguous and row-major is copied once.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not exactly <see cref="ArrayEntry.Count"/> long, or the entry is of another file.</exception>
    /// <exception cref="FileFormatException">The array is refused, damaged, without a value, or of texts.</exception>
    public abstract void ReadFloats(ArrayEntry entry, Span<float> destination);

    /// <summary>destination[i] = (double)element[i]; types and exceptions as <see cref="ReadFloats(ArrayEntry, Span{float})"/>. 64-bit integers round to nearest even.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    /// <exception cref="FileFormatException">As there.</exception>
    public abstract void ReadDoubles(ArrayEntry entry, Span<double> destination);

    /// <summary>destination[i] = element[i] for integer types and bool.</summary>
    /// <exception cref="ArgumentException">As <see cref="ReadFloats(ArrayEntry, Span{float})"/>.</exception>
    /// <exception cref="FileFormatException">As there; also floating-point types, and an unsigned 64-bit value above 2⁶³ − 1.</exception>
    public abstract void ReadInt64s(ArrayEntry entry, Span<long> destination);

    /// <summary>The texts of an array of texts (<c>str</c>, <c>|S…</c>, <c>&lt;U…</c>) in C order, padding removed, as UTF-8 or UTF-32.</summary>
    /// <exception cref="FileFormatException">The array is refused, damaged, or not of texts.</exception>
    public abstract string[] ReadStrings(ArrayEntry entry);

    /// <summary>The elements' bytes in C order, unpacked but otherwise as in the file: byte order is kept. Not for <c>str</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not exactly <see cref="ArrayEntry.Bytes"/> long, or the entry is of another file.</exception>
    /// <exception cref="FileFormatException">The array is refused, damaged, without a value, or <c>str</c>.</exception>
    public abstract void ReadBytes(ArrayEntry entry, Span<byte> destination);
}
