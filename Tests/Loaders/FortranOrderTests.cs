using NativeFree.Loaders.Npz;

namespace NativeFree.Tests;

public sealed unsafe class FortranOrderTests
{
    [Theory]
    [InlineData(new long[] { 3, 7 }, 4)]
    [InlineData(new long[] { 7, 3 }, 8)]
    [InlineData(new long[] { 2, 5, 3 }, 4)]
    [InlineData(new long[] { 5, 1, 2, 3 }, 2)]
    [InlineData(new long[] { 1, 11 }, 16)]
    [InlineData(new long[] { 4, 0, 3 }, 4)]
    public void Elements_go_to_their_place(long[] shape, int size)
    {
        int count = (int)shape.Aggregate(1L, (a, b) => a * b);
        byte[] source = new byte[count * size], actual = new byte[count * size], expected = new byte[count * size];
        new Random(count).NextBytes(source);
        for (int i = 0; i < count; i++)
        {
            // The index of C-order element i, last extent fastest, weighed with the strides of column order.
            long rest = i, from = 0;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += rest % shape[axis] * shape[..axis].Aggregate(1L, (a, b) => a * b);
                rest /= shape[axis];
            }
            source.AsSpan((int)from * size, size).CopyTo(expected.AsSpan(i * size));
        }
        fixed (byte* s = source, d = actual)
        {
            FortranOrder.ToC(s, d, shape, size);
        }
        Assert.Equal(expected, actual);
    }
}
