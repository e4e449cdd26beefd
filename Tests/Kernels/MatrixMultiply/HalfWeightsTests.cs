using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>Weights in 16 bits: each half decoded exactly at every vector width, rounding as System.Half's, products and convolutions against double twins over the rounded weights, and what a plan makes of it.</summary>
public sealed unsafe class HalfWeightsTests
{
    // As for float32 weights: the rounding of the sum alone, since the twin has the rounded weights.
    private const double Fraction = 1e-6;

    private static readonly CpuDevice[] Devices = [new(1), new(3)];

    [Fact]
    public void Every_normal_half_is_decoded_exactly_at_every_width()
    {
        short[] halves = [.. Enumerable.Range(0, 1 << 16).Select(bits => unchecked((short)bits)).Where(bits => (bits & 0x7FFF) == 0 || ((bits >> 10) & 31) is > 0 and < 31)];
        Assert.Equal((2 * 30 * 1024) + 2, halves.Length);
        foreach (int exponent in (int[])[-14, 0, 14, 74])
        {
            Check<Lanes1>(exponent);
            Check<Lanes128>(exponent);
            if (SimdWidth.Bits >= 256)
                Check<Lanes256>(exponent);
            if (SimdWidth.Bits >= 512)
                Check<Lanes512>(exponent);
        }

        void Check<V>(int exponent) where V : unmanaged, ILanes<V>
        {
            float* got = stackalloc float[V.Count];
            V scale = V.All(HalfFloats.Scale(exponent));
            fixed (short* from = halves)
            {
                for (int i = 0; i + V.Count <= halves.Length; i += V.Count)
                {
                    V.Store(V.Multiply(V.LoadHalf(from + i), scale), got);
                    for (int lane = 0; lane < V.Count; lane++)
                        Assert.Equal(BitConverter.SingleToInt32Bits(Value(halves[i + lane], exponent)), BitConverter.SingleToInt32Bits(got[lane]));
                }
            }
        }

        static float Value(short bits, int exponent) => (float)((double)BitConverter.Int16BitsToHalf(bits) * Math.ScaleB(1, -exponent));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(65536 + 5)]
    public void Weights_are_rounded_as_halves_are(int count)
    {
        // Magnitudes from 2⁻⁴⁰ to 1 of the largest: the smallest become 0.
        float[] values = [.. Noise.Of(count, count).Select((v, i) => MathF.ScaleB(v, -(i % 41)) * 0.037f)];
        values[count / 2] = 0.75f;
        foreach (CpuDevice device in Devices)
        {
            HalfWeights weights = Rounded(device, values)!;
            Assert.Equal((count, 2L * count), (weights.Count, weights.Bytes));
            float[] expected = Twin(values);
            float[] got = new float[count + 16];
            fixed (float* to = got)
                HalfFloats.Decode(weights.Pointer, count, weights.Scale, to);
            Assert.Equal(expected, got[..count]);
        }
        Assert.Equal(0.75f, Twin(values)[count / 2]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e9f)]
    public void What_sixteen_bits_cannot_hold_stays_whole(float value)
    {
        using var scope = new Scope();
        float[] values = Noise.Of(48, 3);
        values[31] = value;
        Assert.Null(Rounded(Devices[0], values));
        Assert.Null(HalfProduct.Of(Devices[0], 1, Tensor.From(Devices[0], new Shape(6, 8), values), null, false));
        Assert.Null(HalfProduct.Of(Devices[0], 13, Tensor.From(Devices[0], new Shape(6, 8), values), null, false));
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 3, 3, 6), new Shape(1, 1, 6, 8), (1, 1), Padding.None, (1, 1), 1);
        Assert.Equal("direct", Devices[0].Convolution.Prepare(g, Tensor.From(Devices[0], g.FilterShape, values), null, false, false, 8, WeightFormat.Half).Algorithm);
        Assert.NotNull(Rounded(Devices[0], new float[5]));
    }

    public static TheoryData<int, int, int> Products => new() { { 1, 1, 1 }, { 1, 23, 531 }, { 5, 8, 512 }, { 12, 41, 17 }, { 13, 40, 67 }, { 29, 1100, 33 } };

    [Theory]
    [MemberData(nameof(Products))]
    public void Products_equal_the_twin_over_rounded_weights(int m, int k, int n)
    {
        float[] a = Noise.Of((long)m * k, 1), w = Noise.Of((long)k * n, 2), b = Noise.Of(n, 3), rounded = Twin(w);
        double[] expected = new double[m * n], magnitude = new double[m * n];
        for (int i = 0; i < m * n; i++)
        {
            double sum = b[i % n], size = Math.Abs(sum);
            for (int s = 0; s < k; s++)
            {
                double term = (double)a[(i / n * k) + s] * rounded[(s * n) + (i % n)];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }
            (expected[i], magnitude[i]) = (Math.Max(sum, 0), size);
        }
        float[]? first = null;
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            Tensor y = Noise.Unwritten(device, new Shape(m, n));
            HalfProduct product = HalfProduct.Of(device, m, Tensor.From(device, new Shape(k, n), w), Tensor.From(device, new Shape(n), b), true)!;
            product.Run(Tensor.From(device, new Shape(m, k), a), y);
            TwinAssert.Close($"{m}×{k}×{n}", y.ToArray(), expected, magnitude, Fraction);
            Noise.AssertNothingBehind(y);
            Assert.True(first is null || first.AsSpan().SequenceEqual(y.ToArray()), "threads change the bits");
            first ??= y.ToArray();
            Assert.InRange(product.Bytes, 2L * k * n, 2L * k * (n + 15));
        }
    }

    /// <summary>in, out, kernel, stride, dilation, groups, transposed.</summary>
    public static TheoryData<int, int, int, int, int, int, bool> Convolutions => new()
    {
        { 18, 70, 1, 1, 1, 1, false },
        { 3, 21, 7, 2, 1, 1, false },
        { 34, 67, 3, 2, 1, 1, false },
        { 20, 24, 3, 1, 2, 2, false },
        { 130, 9, 5, 1, 1, 1, false },
        { 36, 22, 3, 2, 1, 1, true },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Convolutions_equal_the_twin_over_rounded_filters(int i, int o, int kernel, int stride, int dilation, int groups, bool transposed)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(2, 13, 11, i), new Shape(kernel, kernel, i / groups, o), (stride, stride), Padding.All(kernel / 2), (dilation, dilation), groups);
        Shape from = transposed ? g.OutShape : g.InShape, to = transposed ? g.InShape : g.OutShape;
        float[] x = Noise.Of(from.Count, 1), w = Noise.Of(g.FilterShape.Count, 2);
        (double[] expected, double[] magnitude) = transposed ? ConvolutionTwin.BackwardInput(g, x, Twin(w)) : ConvolutionTwin.Forward(g, x, Twin(w));
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            Tensor y = Noise.Unwritten(device, to);
            PreparedConvolution prepared = device.Convolution.Prepare(g, Tensor.From(device, g.FilterShape, w), null, false, transposed, to[3], WeightFormat.Half);
            Assert.EndsWith(", half-size weights", prepared.Algorithm, StringComparison.Ordinal);
            prepared.Run(Tensor.From(device, from, x), y, 0, null);
            TwinAssert.Close($"{g}", y.ToArray(), expected, magnitude, Fraction);
            Noise.AssertNothingBehind(y);
        }
    }

    [Fact]
    public void A_plan_halves_dense_layers_and_direct_convolutions_and_leaves_winograd_whole()
    {
        using var scope = new Scope();
        CpuDevice device = Devices[1];
        Tensor w3 = Noise.On(device, new Shape(3, 3, 16, 32), 1), w1 = Noise.On(device, new Shape(1, 1, 32, 48), 2), dense = Noise.On(device, new Shape(13 * 9 * 48, 35), 3), bias = Noise.On(device, new Shape(35), 4);
        Dictionary<string, Variable> Model(Variable x) => new() { ["y"] = F.Linear(F.Flatten(F.Convolution2D(F.Convolution2D(x, w3, null, (1, 1), Padding.All(1)), w1, null, (1, 1), Padding.None)), dense, bias) };
        var shape = new Shape(2, 13, 9, 16);
        InferencePlan half = InferencePlan.Compile(device, shape, Model, WeightFormat.Half), whole = InferencePlan.Compile(device, shape, Model);
        Tensor x = Noise.On(device, shape, 5);
        Assert.Equal(["convolution, winograd 4×4", "convolution, direct, half-size weights", "matrix product, half-size weights"], half.Profile(x, 1).Select(row => row.Algorithm));
        Assert.Equal(whole.WeightBytes - (2 * ((32 * 48) + (13 * 9 * 48 * 35))), half.WeightBytes);
        float[] a = whole.Run(x)["y"].ToArray(), b = half.Run(x)["y"].ToArray();
        double largest = a.Max(Math.Abs), difference = a.Zip(b, (p, q) => Math.Abs((double)p - q)).Max();
        // 2⁻¹¹ of each weight; the signs of the errors differ.
        Assert.True(difference > 0 && difference <= 5e-4 * largest, $"{difference / largest:e2} of the largest");
        Assert.Equal(b, half.Clone().Run(x)["y"].ToArray());
    }

    private static HalfWeights? Rounded(CpuDevice device, float[] values)
    {
        fixed (float* from = values)
            return HalfWeights.Of(device, from, values.Length);
    }

    /// <summary>What 16 bits leave of the values: System.Half's rounding after the power of two that brings the largest to 2¹⁴…2¹⁵; 0 below 2⁻¹⁴.</summary>
    private static float[] Twin(float[] values)
    {
        int exponent = 14 - (int)Math.Floor(Math.Log2(values.Max(Math.Abs)));
        return [.. values.Select(value =>
        {
            double scaled = Math.ScaleB(value, exponent);
            return Math.Abs(scaled) < Math.ScaleB(1, -14) ? 0f * value : (float)Math.ScaleB((double)(Half)scaled, -exponent);
        })];
    }
}
