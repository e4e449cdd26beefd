using System.Runtime.InteropServices;
using NativeFree.Loaders;

namespace NativeFree.Tests;

public sealed class ElementConversionTests
{
    [Fact]
    public void Rounding_is_to_nearest_even()
    {
        // Halfway between two floats, just above it, and an odd neighbour's halfway.
        Assert.Equal([16777216f, 16777220f, 16777218f],
            Singles(ElementKind.Signed, MemoryMarshal.AsBytes<long>([16777217, 16777219, 16777218]), 8));
        Assert.Equal([18446742974197923840f, 18446744073709551616f],
            Singles(ElementKind.Unsigned, MemoryMarshal.AsBytes<ulong>([0xFFFFFF0000000000, ulong.MaxValue]), 8));
        // 2^40 + 2^16 + 1: rounding to double first and then to float would lose the last bit's vote.
        Assert.Equal([1099511627776f + 131072f],
            Singles(ElementKind.Unsigned, MemoryMarshal.AsBytes<ulong>([(1UL << 40) + (1UL << 16) + 1]), 8));
        Assert.Equal([1099511627776f + 131072f],
            Singles(ElementKind.Signed, MemoryMarshal.AsBytes<long>([(1L << 40) + (1L << 16) + 1]), 8));
        Assert.Equal([float.PositiveInfinity, 0f, 0.1f],
            Singles(ElementKind.Float, MemoryMarshal.AsBytes<double>([1e300, 1e-300, 0.1]), 8));
    }

    [Fact]
    public void Bfloat16_is_the_upper_half_of_a_float() =>
        Assert.Equal([1f, -2.5f, float.NegativeInfinity], Singles(ElementKind.BFloat, [0x80, 0x3F, 0x20, 0xC0, 0x80, 0xFF], 2));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Byte_order_is_undone(int size)
    {
        byte[] big = [0, 0, 0, 0, 0, 0, 0x12, 0x34];
        long[] value = new long[1];
        ElementConversion.ToInt64s(new ElementType(ElementKind.Signed, size, BigEndian: true), big.AsSpan(8 - size), value);
        Assert.Equal(0x1234, value[0]);
    }

    [Fact]
    public void An_unsigned_value_without_a_signed_one_is_an_error() =>
        Assert.Throws<OverflowException>(() =>
            ElementConversion.ToInt64s(new ElementType(ElementKind.Unsigned, 8), MemoryMarshal.AsBytes<ulong>([1UL << 63]), new long[1]));

    private static float[] Singles(ElementKind kind, ReadOnlySpan<byte> source, int size)
    {
        float[] values = new float[source.Length / size];
        ElementConversion.ToSingles(new ElementType(kind, size), source, values);
        return values;
    }
}
