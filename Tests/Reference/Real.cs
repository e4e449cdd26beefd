namespace NativeFree.Tests.Reference;

/// <summary>An array of doubles, C order, channels last: what the naive twins compute with.</summary>
internal sealed record Real(int[] Shape, double[] Values)
{
    internal Real(params int[] shape) : this(shape, new double[Count(shape)])
    {
    }

    internal static Real From(int[] shape, float[] values) => new(shape, [.. values.Select(value => (double)value)]);

    internal ref double this[params ReadOnlySpan<int> at] => ref Values[Offset(at)];

    internal bool Holds(params ReadOnlySpan<int> at)
    {
        for (int i = 0; i < at.Length; i++)
        {
            if ((uint)at[i] >= (uint)Shape[i])
                return false;
        }
        return true;
    }

    /// <summary>Calls back with every index, in C order. The same array is reused.</summary>
    internal static void ForEach(int[] shape, Action<int[]> visit)
    {
        int[] at = new int[shape.Length];
        for (int i = Count(shape); i > 0; i--)
        {
            visit(at);
            for (int axis = shape.Length - 1; axis >= 0 && ++at[axis] == shape[axis]; axis--)
                at[axis] = 0;
        }
    }

    internal Real Map(Func<double, double> f) => new(Shape, [.. Values.Select(f)]);

    internal Real Zip(Real other, Func<double, double, double> f) => new(Shape, [.. Values.Zip(other.Values, f)]);

    internal static int Count(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    private int Offset(ReadOnlySpan<int> at)
    {
        Assert.Equal(Shape.Length, at.Length);
        int offset = 0;
        for (int i = 0; i < at.Length; i++)
        {
            Assert.InRange(at[i], 0, Shape[i] - 1);
            offset = (offset * Shape[i]) + at[i];
        }
        return offset;
    }
}
