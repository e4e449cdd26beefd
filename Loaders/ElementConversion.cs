using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeFree.Loaders;

/// <summary>Elements of any numeric type and byte order to float32, float64 or int64. Rounding is IEEE's to nearest even
/// throughout.</summary>
internal static class ElementConversion
{
    public static void ToSingles(ElementType type, ReadOnlySpan<byte> source, Span<float> destination) =>
        Convert(type, source, destination);

    public static void ToDoubles(ElementType type, ReadOnlySpan<byte> source, Span<double> destination) =>
        Convert(type, source, destination);

    /// <summary>Integers only; an unsigned value above 2⁶³ − 1 gives <see cref="OverflowException"/>.</summary>
    public static void ToInt64s(ElementType type, ReadOnlySpan<byte> source, Span<long> destination) => Convert(type, source, destination);

    private static void Convert<T>(ElementType type, ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        bool swap = type.BigEndian == BitConverter.IsLittleEndian;
        switch (type.Kind, type.Size)
        {
            case (ElementKind.Float, 2): Loop<Half, T>(source, destination, swap); break;
            case (ElementKind.Float, 4): Loop<float, T>(source, destination, swap); break;
            case (ElementKind.Float, 8): Loop<double, T>(source, destination, swap); break;
            case (ElementKind.BFloat, 2): BrainLoop(source, destination, swap); break;
            case (ElementKind.Signed, 1): Loop<sbyte, T>(source, destination, false); break;
            case (ElementKind.Signed, 2): Loop<short, T>(source, destination, swap); break;
            case (ElementKind.Signed, 4): Loop<int, T>(source, destination, swap); break;
            case (ElementKind.Signed, 8): Loop<long, T>(source, destination, swap); break;
            case (ElementKind.Unsigned, 1): Loop<byte, T>(source, destination, false); break;
            case (ElementKind.Unsigned, 2): Loop<ushort, T>(source, destination, swap); break;
            case (ElementKind.Unsigned, 4): Loop<uint, T>(source, destination, swap); break;
            case (ElementKind.Unsigned, 8): Loop<ulong, T>(source, destination, swap); break;
            case (ElementKind.Bool, 1): BoolLoop(source, destination); break;
            default: throw new ArgumentException($"no conversion from {type}", nameof(type));
        }
    }

    private static void Loop<TFrom, T>(ReadOnlySpan<byte> source, Span<T> destination, bool swap)
        where TFrom : unmanaged, INumber<TFrom>
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(source)[..destination.Length];
        for (int i = 0; i < destination.Length; i++)
        {
            // Checked: only ulong to long can fail; towards floating point it rounds.
            destination[i] = T.CreateChecked(swap ? Swap(from[i]) : from[i]);
        }
    }

    /// <summary>bfloat16 is the upper half of a float32.</summary>
    private static void BrainLoop<T>(ReadOnlySpan<byte> source, Span<T> destination, bool swap)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<ushort> from = MemoryMarshal.Cast<byte, ushort>(source)[..destination.Length];
        for (int i = 0; i < destination.Length; i++)
        {
            ushort bits = swap ? BinaryPrimitives.ReverseEndianness(from[i]) : from[i];
            destination[i] = T.CreateChecked(BitConverter.UInt32BitsToSingle((uint)bits << 16));
        }
    }

    private static void BoolLoop<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = source[i] == 0 ? T.Zero : T.One;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Swap<T>(T value)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 2)
        {
            return Unsafe.BitCast<ushort, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ushort>(value)));
        }
        if (Unsafe.SizeOf<T>() == 4)
        {
            return Unsafe.BitCast<uint, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, uint>(value)));
        }
        return Unsafe.BitCast<ulong, T>(BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<T, ulong>(value)));
    }
}
