namespace NativeFree.Loaders;

/// <summary>Receives consecutive elements of an array, the first of them number <paramref name="start"/> in C order. The span is valid
/// during the call only.</summary>
public delegate void FloatPieces(long start, ReadOnlySpan<float> piece);

public abstract unsafe partial class ArrayFile
{
    /// <summary>
    /// destination[i] = (float)element[i] in C order. Reads f2, f4, f8, bfloat16, every integer and bool, of either byte order; f8 and
    /// integers round to nearest even.
    /// float32 in the machine's byte order goes straight to its place, without a second copy.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not exactly <see cref="ArrayEntry.Count"/> long, or the entry
    /// is of another file.</exception>
    /// <exception cref="FileFormatException">The array is refused, damaged, without a value, or of texts.</exception>
    public void ReadFloats(ArrayEntry entry, Span<float> destination)
    {
        Require(entry, destination.Length, entry.Type.IsNumber, "numbers");
        fixed (float* to = destination)
        {
            float* target = to;
            if (entry.Type == new ElementType(ElementKind.Float, 4, !BitConverter.IsLittleEndian))
            {
                Guarded(entry, () => Fill(entry, (byte*)target));
                return;
            }
            Guarded(entry, () => Pieces(entry, (start, bytes) =>
                ElementConversion.ToSingles(entry.Type, bytes, new Span<float>(target + start, bytes.Length / entry.ItemSize))));
        }
    }

    /// <summary>destination[i] = (double)element[i]; types and exceptions as <see cref="ReadFloats(ArrayEntry, Span{float})"/>. 64-bit
    /// integers round to nearest even.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    /// <exception cref="FileFormatException">As there.</exception>
    public void ReadDoubles(ArrayEntry entry, Span<double> destination)
    {
        Require(entry, destination.Length, entry.Type.IsNumber, "numbers");
        fixed (double* to = destination)
        {
            double* target = to;
            Guarded(entry, () => Pieces(entry, (start, bytes) =>
                ElementConversion.ToDoubles(entry.Type, bytes, new Span<double>(target + start, bytes.Length / entry.ItemSize))));
        }
    }

    /// <summary>destination[i] = element[i] for integer types and bool.</summary>
    /// <exception cref="ArgumentException">As <see cref="ReadFloats(ArrayEntry, Span{float})"/>.</exception>
    /// <exception cref="FileFormatException">As there; also floating-point types, and an unsigned 64-bit value above 2⁶³ − 1.</exception>
    public void ReadInt64s(ArrayEntry entry, Span<long> destination)
    {
        Require(entry, destination.Length, entry.Type.IsInteger, "integers");
        fixed (long* to = destination)
        {
            long* target = to;
            Guarded(entry, () => Pieces(entry, (start, bytes) =>
                ElementConversion.ToInt64s(entry.Type, bytes, new Span<long>(target + start, bytes.Length / entry.ItemSize))));
        }
    }

    /// <summary>The elements' bytes in C order, unpacked but otherwise as in the file: byte order is kept. Not for <c>str</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not exactly <see cref="ArrayEntry.Bytes"/> long, or the entry
    /// is of another file.</exception>
    /// <exception cref="FileFormatException">The array is refused, damaged, without a value, or <c>str</c>.</exception>
    public void ReadBytes(ArrayEntry entry, Span<byte> destination)
    {
        Require(entry, entry.Bytes == destination.Length ? entry.Count : -1, entry.Type.Kind != ElementKind.Text, "elements of fixed size");
        fixed (byte* to = destination)
        {
            byte* target = to;
            Guarded(entry, () => Fill(entry, target));
        }
    }

    /// <summary>
    /// Hands out every element as float32 in pieces of up to 65,536, in C order, for callers that store them in another order and so need
    /// no copy of the whole. Types as <see cref="ReadFloats(ArrayEntry, Span{float})"/>.
    /// Damage may be noticed only behind the last piece: use nothing of what came before unless the call returns.
    /// </summary>
    /// <exception cref="ArgumentException">The entry is of another file.</exception>
    /// <exception cref="FileFormatException">As <see cref="ReadFloats(ArrayEntry, Span{float})"/>.</exception>
    public void ReadFloatPieces(ArrayEntry entry, FloatPieces receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        Require(entry, entry.Count, entry.Type.IsNumber, "numbers");
        float[] buffer = new float[Math.Min(entry.Count, 65536)];
        Guarded(entry, () => Pieces(entry, (start, bytes) =>
        {
            int count = bytes.Length / entry.ItemSize;
            for (int i = 0; i < count; i += buffer.Length)
            {
                Span<float> piece = buffer.AsSpan(0, Math.Min(buffer.Length, count - i));
                ElementConversion.ToSingles(entry.Type, bytes[(i * entry.ItemSize)..], piece);
                receive(start + i, piece);
            }
        }));
    }

    /// <summary>Reads the whole array and checks what can be checked (checksums, sizes, stored texts) without keeping anything.</summary>
    /// <exception cref="FileFormatException">The array is refused or damaged. One without a value (<see cref="ArrayEntry.IsNone"/>)
    /// passes.</exception>
    public void Verify(ArrayEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.IsNone)
        {
            return;
        }
        Require(entry, entry.Count, true, "");
        if (entry.Type.Kind == ElementKind.Text)
        {
            ReadStrings(entry);
            return;
        }
        Guarded(entry, () => VerifyData(entry));
    }

    /// <summary>The largest piece that <see cref="Pieces"/> hands out: within a second-level cache.</summary>
    private protected const int PieceBytes = 1 << 18;

    /// <summary>Whole elements in file byte order, the first of them number <paramref name="start"/> in C order.</summary>
    private protected delegate void BytePieces(long start, ReadOnlySpan<byte> bytes);

    /// <summary>Writes all <see cref="ArrayEntry.Bytes"/> of an entry that is not refused to <paramref name="destination"/>.</summary>
    private protected abstract void Fill(ArrayEntry entry, byte* destination);

    /// <summary>The same in pieces of whole elements of up to <see cref="PieceBytes"/> (one element where a single one is larger). Formats
    /// that can stream override it.</summary>
    private protected virtual void Pieces(ArrayEntry entry, BytePieces receive)
    {
        using var whole = new NativeBytes(entry.Bytes);
        Fill(entry, whole.Start);
        Slice(entry, whole.Start, receive);
    }

    /// <summary>Checks the data of an entry that is not refused.</summary>
    private protected virtual void VerifyData(ArrayEntry entry) => Pieces(entry, (_, _) => { });

    /// <summary>Cuts elements that lie at <paramref name="source"/> in C order into pieces.</summary>
    private static void Slice(ArrayEntry entry, byte* source, BytePieces receive) =>
        Slice(entry, (at, length) => new ReadOnlySpan<byte>(source + at, length), receive);

    /// <summary>Cuts elements that lie in <paramref name="file"/> from <paramref name="offset"/> on in C order into pieces.</summary>
    private protected static void Slice(ArrayEntry entry, FileBytes file, long offset, string what, BytePieces receive)
    {
        byte[] buffer = new byte[Math.Min(entry.Bytes, Math.Max(PieceBytes, entry.ItemSize))];
        Slice(entry, (at, length) => file.Piece(offset + at, buffer.AsSpan(0, length), what), receive);
    }

    private delegate ReadOnlySpan<byte> PieceAt(long at, int length);

    private static void Slice(ArrayEntry entry, PieceAt pieces, BytePieces receive)
    {
        int size = Math.Max(1, entry.ItemSize);
        long step = Math.Max(1, PieceBytes / size);
        for (long start = 0; start < entry.Count; start += step)
        {
            long count = Math.Min(step, entry.Count - start);
            receive(start, pieces(start * size, checked((int)(count * entry.ItemSize))));
        }
    }

    private void Require(ArrayEntry entry, long length, bool suits, string wanted)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Owner != this)
        {
            throw new ArgumentException($"'{entry.Name}' is an entry of {entry.Owner?.Path ?? "no file"}, not of {Path}", nameof(entry));
        }
        if (entry.Refusal is { } reason)
        {
            throw new FileFormatException(Path, $"'{entry.Name}': {reason}");
        }
        if (entry.IsNone || !suits)
        {
            throw new FileFormatException(Path,
                $"'{entry.Name}': must hold {wanted}; it {(entry.IsNone ? "is a parameter without a value" : $"holds {entry.Dtype}")}");
        }
        if (length != entry.Count)
        {
            throw new ArgumentException($"{Path}: '{entry.Name}' has {entry.Count} elements of {entry.ItemSize} bytes, which the destination must match exactly");
        }
    }

    /// <summary>Runs a read with the file held open, and puts the array's name into whatever goes wrong.</summary>
    private void Guarded(ArrayEntry entry, Action read)
    {
        Enter();
        try
        {
            read();
        }
        catch (FileFormatException fault)
        {
            throw new FileFormatException(Path, $"'{entry.Name}': {fault.Reason}", inner: fault);
        }
        catch (OverflowException fault)
        {
            throw new FileFormatException(Path, $"'{entry.Name}': an unsigned value above 2^63 - 1 does not fit a signed one",
                inner: fault);
        }
        finally
        {
            Release();
        }
    }
}
