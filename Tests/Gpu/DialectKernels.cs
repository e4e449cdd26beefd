using ILGPU;
using ILGPU.Algorithms;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

internal interface IUnary
{
    static abstract int Lanes { get; }

    static abstract float Value(float x);
}

internal readonly struct Twice : IUnary
{
    public static int Lanes => 2;

    public static float Value(float x) => x * 2;
}

internal readonly struct Negative : IUnary
{
    public static int Lanes => 3;

    public static float Value(float x) => -x;
}

internal interface IScaled
{
    float Value(float x);
}

internal readonly struct Affine : IScaled
{
    public readonly float Scale;
    public readonly float Shift;

    public Affine(float scale, float shift)
    {
        Scale = scale;
        Shift = shift;
    }

    public float Value(float x) => (x * Scale) + Shift;
}

internal readonly struct Four
{
    public readonly float X;
    public readonly float Y;
    public readonly float Z;
    public readonly float W;

    public Four(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    public static Four operator +(Four a, Four b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public readonly float Sum() => X + Y + Z + W;
}

internal readonly record struct Window(int First, int Count);

internal readonly record struct Sizes(int Length, float Factor, Window Window, long Big, uint Mask);

internal enum Mode
{
    Plain,
    Square,
    Cube,
}

internal struct Counter
{
    public int Steps;
    public float Total;

    public void Add(float value)
    {
        Steps++;
        Total += value;
    }
}

/// <summary>One kernel for each part of the dialect.</summary>
internal static class DialectKernels
{
    public const int Items = 8;
    private const float Half = 0.5f;

    [Kernel(Items)]
    internal static void StructArguments(ArrayView<float> x, ArrayView<float> y, Sizes sizes)
    {
        int i = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (i >= sizes.Length)
            return;
        bool inWindow = i >= sizes.Window.First && i < sizes.Window.First + sizes.Window.Count;
        float big = (float)(sizes.Big + i);
        y[i] = (inWindow ? x[i] * sizes.Factor : -x[i]) + big + (int)(sizes.Mask & 7u);
    }

    [Kernel(Items)]
    [Specialize(typeof(Twice))]
    [Specialize(typeof(Negative))]
    internal static void StaticOperator<TOp>(ArrayView<float> x, ArrayView<float> y, int length)
        where TOp : struct, IUnary
    {
        ArrayView<float> kept = SharedMemory.Allocate<float>(TOp.Lanes * Items);
        int i = (Grid.IdxX * Items) + Group.IdxX;
        for (int lane = 0; lane < TOp.Lanes; lane++)
            kept[(lane * Items) + Group.IdxX] = i < length ? TOp.Value(x[i]) : 0;
        Group.Barrier();
        float sum = 0;
        for (int lane = 0; lane < TOp.Lanes; lane++)
            sum += kept[(lane * Items) + (Items - 1 - Group.IdxX)];
        if (i < length)
            y[i] = sum;
    }

    [Kernel(Items)]
    [Specialize(typeof(Affine))]
    internal static void InstanceOperator<TOp>(ArrayView<float> x, ArrayView<float> y, TOp op, int length)
        where TOp : struct, IScaled
    {
        for (int i = (Grid.IdxX * Items) + Group.IdxX; i < length; i += Grid.DimX * Items)
            y[i] = op.Value(x[i]) + Twin(op.Value(1));
    }

    [Kernel(4)]
    internal static void Vectors(ArrayView<float> x, ArrayView<float> y, int fours)
    {
        ArrayView<Four> from = x.Cast<Four>();
        ArrayView<Four> to = y.SubView(4, fours * 4).Cast<Four>();
        int i = (Grid.IdxX * 4) + Group.IdxX;
        if (i < fours)
        {
            Four a = from[i];
            to[i] = a + new Four(a.Sum(), 1, 2, from[0].X);
        }
    }

    [Kernel(Items)]
    internal static void BarrierHelper(ArrayView<float> x, ArrayView<float> y, int rows, int columns)
    {
        ArrayView<float> scratch = SharedMemory.Allocate<float>(Items);
        for (int row = Grid.IdxX; row < rows; row += Grid.DimX)
        {
            float partial = 0;
            for (int column = Group.IdxX; column < columns; column += Items)
                partial += x[(row * columns) + column];
            float sum = GroupSum(scratch, partial);
            float mean = sum / columns;
            float squares = 0;
            for (int column = Group.IdxX; column < columns; column += Items)
            {
                float difference = x[(row * columns) + column] - mean;
                squares += difference * difference;
            }
            squares = GroupSum(scratch, squares);
            if (Group.IdxX == 0)
            {
                y[row * 2] = sum;
                y[(row * 2) + 1] = squares;
            }
        }
    }

    // A tree: the same order of additions whatever the order of the work-items.
    private static float GroupSum(ArrayView<float> scratch, float value)
    {
        scratch[Group.IdxX] = value;
        Group.Barrier();
        for (int half = Items / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                scratch[Group.IdxX] += scratch[Group.IdxX + half];
            Group.Barrier();
        }
        float total = scratch[0];
        // scratch is written again by the next call.
        Group.Barrier();
        return total;
    }

    [Kernel(2, 3, 2)]
    internal static void Loops(ArrayView<float> x, ArrayView<float> y, int rounds, int stop)
    {
        ArrayView<float> ring = SharedMemory.Allocate<float>(12);
        int me = Group.LinearIndex;
        ring[me] = x[me];
        int round = 0;
        do
        {
            Group.Barrier();
            float next = ring[(me + 1) % 12];
            Group.Barrier();
            ring[me] = next + 1;
            round++;
            if (round == 2)
                continue;
            if (round == stop)
                break;
            Group.Barrier();
        }
        while (round < rounds);
        Group.Barrier();
        int turn = 0;
        while (true)
        {
            if (turn >= rounds)
                break;
            if (turn % 2 == 0)
            {
                Group.Barrier();
            }
            else
            {
                float before = ring[11 - me];
                Group.Barrier();
                ring[me] = before;
                Group.Barrier();
            }
            turn++;
        }
        y[me] = ring[me] + Group.IdxX + (10 * Group.IdxY) + (100 * Group.IdxZ);
    }

    [Kernel(Items)]
    internal static void Integers(ArrayView<int> x, ArrayView<int> y, Mode mode)
    {
        int i = Group.IdxX;
        int value = x[i];
        uint bits = (uint)value;
        int result = value >>> 3;
        result ^= (int)(bits << 2);
        result += Math.Max(value, i) - Math.Min(value, -i) + Math.Abs(i - 4);
        result -= value / 3;
        result += value % 3;
        result >>>= 1;
        long wide = ((long)value * 3) >> 1;
        result += (int)wide;
        switch (mode)
        {
            case Mode.Square:
                result = i * i;
                break;
            case Mode.Cube:
            {
                int cube = i * i * i;
                result = cube;
                break;
            }
            default:
                result++;
                break;
        }
        Divide(i + 10, 3, out int quotient, out int rest);
        ref int target = ref y[i];
        target = result;
        target += (quotient * 1000) + rest;
    }

    private static void Divide(int value, int by, out int quotient, out int rest)
    {
        quotient = value / by;
        rest = value - (quotient * by);
    }

    [Kernel(Items)]
    internal static void Functions(ArrayView<float> x, ArrayView<float> y)
    {
        int i = Group.IdxX;
        float v = x[i];
        float sum = MathF.Exp(v) + MathF.Log(v + 3) + MathF.Tanh(v) + MathF.Sqrt(MathF.Abs(v)) + MathF.Floor(v) + MathF.Ceiling(v);
        sum += XMath.Rsqrt(v + 3) + MathF.Pow(v + 3, Half) + MathF.Sin(v) + MathF.Cos(v) + MathF.Round(v * 1.5f) + MathF.Truncate(v) + MathF.CopySign(1, v);
        int bits = Interop.FloatAsInt(v) & 0x7FFFFFFF;
        y[i] = float.IsNaN(v) ? 7 : float.IsInfinity(v) ? 8 : sum + Interop.IntAsFloat(bits);
    }

    [Kernel(Items)]
    internal static void LocalArrays(ArrayView<float> x, ArrayView<float> y)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        Counter counter = default;
        for (int i = Unroll.From(0); i < 4; i++)
            sums[i] = 0;
        for (int k = 0; k < 5; k++)
        {
            for (int i = Unroll.From(0); i < 4; i++)
                sums[i] += x[(Group.IdxX * 4) + i] * k;
            counter.Add(sums[0]);
        }
        y[Group.IdxX] = Total(sums) + (counter.Steps * 100) + counter.Total;
    }

    private static float Total(ArrayView<float> values)
    {
        float total = 0;
        for (int i = Unroll.From(0); i < 4; i++)
            total += values[i];
        return total;
    }

    [Kernel(Items)]
    internal static void Atomics(ArrayView<float> x, ArrayView<int> y, int length)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(4);
        if (Group.IdxX < 4)
            counts[Group.IdxX] = 0;
        Group.Barrier();
        for (int i = Group.IdxX; i < length; i += Items)
        {
            int bin = (int)x[i] & 3;
            Atomic.Add(ref counts[bin], 1);
            Atomic.Max(ref y[4], (int)x[i]);
            Atomic.Min(ref y[5], (int)x[i]);
        }
        Group.Barrier();
        if (Group.IdxX < 4)
            Atomic.Add(ref y[Group.IdxX], counts[Group.IdxX]);
    }

    private static float Twin(float x) => x + x;
}
