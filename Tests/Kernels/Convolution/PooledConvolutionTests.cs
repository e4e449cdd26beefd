using NativeFree.Kernels;

namespace NativeFree.Tests.Kernels;

/// <summary>
/// A prepared convolution that pools its own result against the same one with <see cref="IPooling.Max"/> behind it, to the bit: every place where tiles and windows hang over, both rules of rounding, NaN in one pixel of a window,
/// infinities, channels beside others, blocks and phases, 1 to 3 threads.
/// </summary>
public sealed class PooledConvolutionTests
{
    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];

    /// <summary>batch, height, width, in, out.</summary>
    public static TheoryData<int, int, int, int, int> Cases => new()
    {
        { 1, 1, 1, 16, 16 },
        { 1, 1, 13, 16, 48 },
        { 2, 2, 3, 16, 16 },
        { 1, 3, 2, 48, 16 },
        { 1, 4, 8, 16, 64 },
        { 2, 5, 5, 16, 144 },
        { 3, 7, 5, 32, 16 },
        { 1, 8, 9, 16, 48 },
        { 2, 9, 6, 64, 48 },
        { 5, 13, 11, 16, 80 },
        { 1, 14, 14, 48, 64 },
        { 0, 6, 7, 16, 16 },
        { 1, 29, 34, 16, 32 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bits_are_those_of_a_pooling_behind_it(int n, int h, int w, int i, int o)
    {
        const int before = 5, behind = 3;
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(n, h, w, i), new Shape(3, 3, i, o), (1, 1), Padding.All(1), (1, 1), 1);
        float[] x = Noise.Of(g.InShape.Count, 1), filter = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(o, 3), add = Odd(g.OutShape.Count, 4);
        foreach (bool coverAll in Math.Min(h, w) < 2 ? [true] : new[] { false, true })
        {
            PoolingGeometry window = PoolingGeometry.Create(g.OutShape, (2, 2), (2, 2), Padding.None, coverAll);
            foreach ((bool full, bool relu) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                int[]? first = null;
                foreach (CpuDevice device in Devices)
                {
                    foreach (KernelVariant variant in new[] { KernelVariant.WinogradBlocks, KernelVariant.WinogradPhases })
                    {
                        using var scope = new Scope();
                        using var only = new OnlyVariant(device, variant);
                        Tensor tx = Tensor.From(device, g.InShape, x), tw = Tensor.From(device, g.FilterShape, filter), whole = new(device, g.OutShape), expected = new(device, window.OutShape);
                        Tensor? bias = full ? Tensor.From(device, new Shape(o), b) : null, addend = full ? Tensor.From(device, g.OutShape, add) : null;
                        Assert.True(device.Convolution.Pools(g, window));
                        device.Convolution.Prepare(g, tw, bias, relu, false, o).Run(tx, whole, 0, addend);
                        device.Pooling.Max(window, whole, expected, null);

                        PreparedConvolution pooled = device.Convolution.Prepare(g, tw, bias, relu, false, o, window: window);
                        Assert.Equal("winograd 4×4, max pooling", pooled.Algorithm);
                        Tensor y = Noise.Unwritten(device, window.OutShape);
                        pooled.Run(tx, y, 0, addend);
                        Equal(expected.ToArray(), y.ToArray(), $"{g}, {window}, addend {full}, ReLU {relu}, {variant}, {device.Threads} threads");
                        Noise.AssertNothingBehind(y);
                        Equal(first ??= Bits(y.ToArray()), Bits(y.ToArray()), $"{device.Threads} threads, {variant}");

                        Tensor beside = Noise.Unwritten(device, new Shape(n, window.OutHeight, window.OutWidth, before + o + behind));
                        device.Convolution.Prepare(g, tw, bias, relu, false, before + o + behind, window: window).Run(tx, beside, before, addend);
                        float[] all = beside.ToArray(), alone = y.ToArray();
                        for (int at = 0; at < all.Length; at++)
                        {
                            int c = (at % (before + o + behind)) - before;
                            float value = c < 0 || c >= o ? float.NaN : alone[(at / (before + o + behind) * o) + c];
                            if (BitConverter.SingleToInt32Bits(value) != BitConverter.SingleToInt32Bits(all[at]))
                                Assert.Fail($"{g}, {window}: channel {c} beside others is {all[at]:g9}, alone {value:g9}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Nan_wins_in_its_window_alone()
    {
        CpuDevice device = Devices[1];
        using var scope = new Scope();
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 9, 10, 16), new Shape(3, 3, 16, 16), (1, 1), Padding.All(1), (1, 1), 1);
        PoolingGeometry window = PoolingGeometry.Create(g.OutShape, (2, 2), (2, 2), Padding.None, coverAll: true);
        Tensor x = Noise.On(device, g.InShape, 1), w = Noise.On(device, g.FilterShape, 2), y = new(device, window.OutShape);
        PreparedConvolution pooled = device.Convolution.Prepare(g, w, null, relu: true, false, 16, window: window);
        for (int pixel = 0; pixel < 9 * 10; pixel++)
        {
            float[] add = new float[g.OutShape.Count];
            add[(pixel * 16) + 3] = float.NaN;
            pooled.Run(x, y, 0, Tensor.From(device, g.OutShape, add));
            float[] got = y.ToArray();
            int expected = ((((pixel / 10 / 2) * 5) + (pixel % 10 / 2)) * 16) + 3;
            for (int at = 0; at < got.Length; at++)
                Assert.True(float.IsNaN(got[at]) == (at == expected), $"NaN at pixel {pixel}: [{at}] is {got[at]:g9}");
        }
    }

    [Fact]
    public void Other_windows_and_other_schemes_are_not_pooled()
    {
        using var scope = new Scope();
        CpuDevice device = Devices[0];
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 12, 9, 16), new Shape(3, 3, 16, 32), (1, 1), Padding.All(1), (1, 1), 1);
        Assert.True(device.Convolution.Pools(g, Window(g)));
        Assert.True(device.Convolution.Pools(g, Window(g, bottom: 1)));
        Assert.False(device.Convolution.Pools(g, Window(g, bottom: 3)), "a window without a pixel");
        Assert.False(device.Convolution.Pools(g, Window(g, right: 3)), "a window without a pixel");
        Assert.False(device.Convolution.Pools(g, Window(g, kernelY: 3)));
        Assert.False(device.Convolution.Pools(g, Window(g, kernelX: 3)));
        Assert.False(device.Convolution.Pools(g, Window(g, strideY: 1)));
        Assert.False(device.Convolution.Pools(g, Window(g, strideX: 1)));
        Assert.False(device.Convolution.Pools(g, Window(g, top: 1)));
        Assert.False(device.Convolution.Pools(g, Window(g, left: 1)));
        Assert.False(device.Convolution.Pools(g, PoolingGeometry.Create(g.InShape, (2, 2), (2, 2), Padding.None, false)), "the window is over something else");
        ConvolutionGeometry strided = ConvolutionGeometry.Create(new Shape(1, 12, 9, 16), new Shape(3, 3, 16, 32), (2, 2), Padding.All(1), (1, 1), 1);
        Assert.False(device.Convolution.Pools(strided, Window(strided)), "direct");

        Tensor w = Tensor.Zeros(device, g.FilterShape), ws = Tensor.Zeros(device, strided.FilterShape);
        string text = Assert.Throws<ShapeException>(() => device.Convolution.Prepare(strided, ws, null, false, false, 32, window: Window(strided))).Message;
        Assert.Equal($"Convolution.Prepare: a pooling is one that Pools accepts, behind a convolution; got {Window(strided)} behind {strided}; pool in a step of its own.", text);
        text = Assert.Throws<ShapeException>(() => device.Convolution.Prepare(g, w, null, false, true, 16, window: Window(g))).Message;
        Assert.Equal($"Convolution.Prepare: a pooling is one that Pools accepts, behind a convolution; got {Window(g)} behind {g}, transposed; pool in a step of its own.", text);

        static PoolingGeometry Window(ConvolutionGeometry g, int kernelY = 2, int kernelX = 2, int strideY = 2, int strideX = 2, int top = 0, int left = 0, int bottom = 0, int right = 0) =>
            PoolingGeometry.Create(g.OutShape, (kernelY, kernelX), (strideY, strideX), new Padding(top, left, bottom, right), false);
    }

    // Different NaNs, so many that a window holds several, and infinities among ordinary values.
    private static float[] Odd(long count, int seed)
    {
        var random = new Random(seed);
        float[] values = Noise.Of(count, seed);
        for (int at = 0; at < values.Length; at++)
        {
            values[at] = random.Next(12) switch
            {
                0 => BitConverter.Int32BitsToSingle(0x7FC00000 + at),
                1 => BitConverter.Int32BitsToSingle(unchecked((int)0xFFC00000) + at),
                2 or 3 or 4 or 5 => float.NegativeInfinity,
                6 => float.PositiveInfinity,
                _ => values[at],
            };
        }
        return values;
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    private static void Equal(float[] expected, float[] got, string where) => Equal(Bits(expected), Bits(got), where);

    private static void Equal(int[] expected, int[] got, string where)
    {
        Assert.Equal(expected.Length, got.Length);
        for (int at = 0; at < got.Length; at++)
        {
            if (expected[at] != got[at])
                Assert.Fail($"{where}: [{at}] expected {expected[at]:x8}, {BitConverter.Int32BitsToSingle(expected[at]):g9}, got {got[at]:x8}, {BitConverter.Int32BitsToSingle(got[at]):g9}");
        }
    }
}
