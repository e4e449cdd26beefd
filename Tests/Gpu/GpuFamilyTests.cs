using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>
/// Every other primitive against the SIMD engine, which its own tests hold against double twins: sizes odd and different, long enough for several pieces and groups, NaN and infinities where a rule speaks of them.
/// </summary>
public sealed class GpuFamilyTests
{
    private static readonly CpuDevice Cpu = CpuDevice.Default;

    // Two float32 evaluations of the same formula, in units of the array's largest value; sums of a thousand terms included.
    private const double Close = 3e-6;

    private static void Same(string what, Func<Device, Tensor[]> run, double tolerance = Close, double floor = 0)
    {
        using Scope outer = new();
        float[][] expected = [.. run(Cpu).Select(static tensor => tensor.ToArray())];
        foreach (GpuDevice device in (GpuDevice[])[.. GpuTestDevices.For(0), .. GpuTestDevices.For(0, KernelVariant.Lanes), .. GpuTestDevices.For(0, KernelVariant.Items)])
        {
            using Scope scope = new();
            float[][] got = [.. run(device).Select(static tensor => tensor.ToArray())];
            for (int j = 0; j < expected.Length; j++)
            {
                double largest = Math.Max(floor, expected[j].Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
                for (int i = 0; i < expected[j].Length; i++)
                {
                    bool equal = float.IsFinite(expected[j][i]) ? Math.Abs((double)expected[j][i] - got[j][i]) <= tolerance * largest : expected[j][i].Equals(got[j][i]);
                    Assert.True(equal, $"{what} on {device} ({device.Choices.Only?.ToString() ?? "chosen"}), result {j}[{i}]: expected {expected[j][i]:g9}, got {got[j][i]:g9}");
                }
            }
        }
    }

    private static Tensor Of(Device device, Shape shape, int seed) => Tensor.From(device, shape, Noise.Of(shape.Count, seed));

    private static Tensor Positive(Device device, Shape shape, int seed) => Tensor.From(device, shape, [.. Noise.Of(shape.Count, seed).Select(static value => (value * value) + 0.1f)]);

    private static Tensor Empty(Device device, Shape shape) => Tensor.Filled(device, shape, 0);

    private static Tensor[] Made(Tensor y, Action<Tensor> make)
    {
        make(y);
        return [y];
    }

    [Theory, InlineData(ActivationKind.Relu), InlineData(ActivationKind.LeakyRelu), InlineData(ActivationKind.Sigmoid), InlineData(ActivationKind.Tanh)]
    public void Activations(ActivationKind kind)
    {
        Activation f = new(kind, 0.3f);
        foreach (int count in new[] { 0, 1, 255, 257, 1031 })
        {
            Shape shape = new(count);
            Same($"{kind}", device => Made(Empty(device, shape), y => device.Elementwise.Activate(f, Of(device, shape, 1), y)));
            Same($"{kind} backward", device => Made(Empty(device, shape), gx => device.Elementwise.ActivateBackward(f, Of(device, shape, 2), Of(device, shape, 3), gx)));
        }
        Shape odd = new(6);
        Same($"{kind} of what is no number", device => Made(Empty(device, odd), y =>
            device.Elementwise.Activate(f, Tensor.From(device, odd, [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0.5f, 90]), y)));
    }

    [Fact]
    public void Arithmetic()
    {
        Shape shape = new(7, 3, 19);
        Same("combine", device => Made(Empty(device, shape), y => device.Elementwise.Combine(1.5f, Of(device, shape, 1), -0.25f, Of(device, shape, 2), y)));
        Same("multiply", device => Made(Empty(device, shape), y => device.Elementwise.Multiply(-2, Of(device, shape, 1), Of(device, shape, 2), y)));
        Same("scale", device => Made(Of(device, shape, 1), y => device.Elementwise.Scale(3, y, y)));
        Same("clamp", device => Made(Empty(device, shape), y => device.Elementwise.Clamp(Of(device, shape, 1), -0.2f, 0.4f, y)), 0);
        Same("dropout mask", device => Made(Empty(device, shape), y => device.Elementwise.DropoutMask(0xFEDCBA9876543210, 0.4f, y)), 0);
        Same("fill", device => [Tensor.Filled(device, shape, 2.5f)], 0);
    }

    [Fact]
    public void Boxes_and_orders_of_axes()
    {
        Shape from = new(2, 5, 7, 3), to = new(3, 6, 4, 5);
        Same("box", device => Made(Of(device, to, 2), y => device.Elementwise.CopyBox(Of(device, from, 1), [1, 2, 0, 1], y, [0, 1, 1, 2], [1, 3, 2, 2])), 0);
        Same("empty box", device => Made(Of(device, to, 2), y => device.Elementwise.CopyBox(Of(device, from, 1), [1, 2, 0, 1], y, [0, 1, 1, 2], [1, 0, 2, 2])), 0);
        Same("permute", device => Made(Empty(device, new Shape(3, 2, 7, 5)), y => device.Elementwise.Permute(Of(device, from, 1), [3, 0, 2, 1], y)), 0);
        Shape six = new(2, 3, 1, 2, 5, 3);
        Same("permute six", device => Made(Empty(device, new Shape(3, 2, 5, 1, 2, 3)), y => device.Elementwise.Permute(Of(device, six, 1), [5, 3, 4, 2, 0, 1], y)), 0);
    }

    [Theory, InlineData(1, 5), InlineData(601, 33), InlineData(37, 70), InlineData(523, 16), InlineData(0, 4)]
    public void Batch_normalization(int rows, int channels)
    {
        Shape shape = new(rows, channels), c = new(channels);
        Same("moments", device =>
        {
            Tensor mean = Empty(device, c), variance = Empty(device, c);
            device.Normalization.Moments(Of(device, shape, 1), mean, variance);
            return [mean, variance];
        });
        Same("normalize", device => Made(Empty(device, shape), y => device.Normalization.Normalize(Of(device, shape, 1), Of(device, c, 2), Positive(device, c, 3), Of(device, c, 4), Of(device, c, 5), 1e-3f, y)));
        Same("gradients", device =>
        {
            Tensor x = Of(device, shape, 1), gy = Of(device, shape, 6), mean = Of(device, c, 2), variance = Positive(device, c, 3), gamma = Of(device, c, 4);
            Tensor ggamma = Empty(device, c), gbeta = Empty(device, c), gx = Empty(device, shape), fixedGx = Empty(device, shape);
            device.Normalization.ScaleGradients(x, gy, mean, variance, 1e-3f, ggamma, gbeta);
            device.Normalization.BackwardBatch(x, gy, mean, variance, gamma, 1e-3f, ggamma, gbeta, gx);
            device.Normalization.BackwardFixed(gy, variance, gamma, 1e-3f, fixedGx);
            return [ggamma, gbeta, gx, fixedGx];
        });
    }

    [Theory, InlineData(1, 5), InlineData(7, 5), InlineData(96, 5), InlineData(13, 3), InlineData(20, 5), InlineData(21, 5), InlineData(19, 1), InlineData(0, 3)]
    public void Local_response(int channels, int window)
    {
        Shape shape = new(2, 3, channels);
        Same("response", device => Made(Empty(device, shape), y => device.Normalization.LocalResponse(window, 2, 0.3f, 0.75f, Of(device, shape, 1), y)));
        Same("response backward", device => Made(Empty(device, shape), gx => device.Normalization.LocalResponseBackward(window, 2, 0.3f, 0.75f, Of(device, shape, 1), Of(device, shape, 2), gx)));
    }

    [Fact]
    public void Pooling()
    {
        foreach (PoolingGeometry g in new[]
        {
            PoolingGeometry.Create(new Shape(2, 9, 7, 5), (3, 2), (2, 3), new Padding(1, 0, 1, 1), false),
            PoolingGeometry.Create(new Shape(1, 8, 11, 3), (3, 3), (2, 2), new Padding(0, 0, 0, 0), true),
            PoolingGeometry.Create(new Shape(1, 5, 4, 2), (2, 2), (3, 3), new Padding(2, 2, 2, 2), true),
            PoolingGeometry.Create(new Shape(3, 6, 5, 17), (6, 5), (1, 1), new Padding(0, 0, 0, 0), false),
            PoolingGeometry.Create(new Shape(2, 7, 9, 35), (3, 3), (2, 2), new Padding(1, 1, 1, 1), false),
            PoolingGeometry.Create(new Shape(1, 3, 2, 275), (2, 3), (1, 1), new Padding(3, 1, 2, 1), false),
            PoolingGeometry.Create(new Shape(0, 4, 3, 16), (2, 2), (2, 2), new Padding(0, 0, 0, 0), false),
        })
        {
            Same($"max {g}", device =>
            {
                float[] x = Noise.Of(g.InShape.Count, 1);
                // Ties, and a NaN.
                for (int i = 0; i < x.Length; i += 3)
                    x[i] = 0.5f;
                if (x.Length > 0)
                    x[^1] = float.NaN;
                Tensor dx = Tensor.From(device, g.InShape, x), y = Empty(device, g.OutShape), argument = Empty(device, g.OutShape), gx = Empty(device, g.InShape), plain = Empty(device, g.OutShape);
                device.Pooling.Max(g, dx, y, argument);
                device.Pooling.Max(g, dx, plain, null);
                device.Pooling.MaxBackward(g, argument, Of(device, g.OutShape, 2), gx);
                return [y, plain, argument, gx];
            }, 1e-6);
            foreach (PoolingDivisor divisor in Enum.GetValues<PoolingDivisor>())
            {
                Same($"average {divisor} {g}", device => Made(Empty(device, g.OutShape), y => device.Pooling.Average(g, divisor, Of(device, g.InShape, 1), y)));
                Same($"average backward {divisor} {g}", device => Made(Empty(device, g.InShape), gx => device.Pooling.AverageBackward(g, divisor, Of(device, g.OutShape, 1), gx)));
            }
        }
    }

    [Theory, InlineData(1, 3001, 1), InlineData(5, 7, 1), InlineData(3, 96, 1), InlineData(7, 131, 1), InlineData(19, 21, 1), InlineData(16, 15, 1), InlineData(129, 3, 1), InlineData(17, 16, 1), InlineData(9, 81, 1), InlineData(1, 1, 1), InlineData(3, 601, 37), InlineData(2, 0, 3), InlineData(1, 1, 70), InlineData(0, 5, 2)]
    public void Sums_and_softmax(int outer, int length, int inner)
    {
        Shape full = new(outer, length, inner), reduced = new(outer, inner);
        Same("sum", device => Made(Of(device, reduced, 9), y => device.Reductions.Sum(Of(device, full, 1), outer, length, inner, 0.5f, y)));
        Same("spread", device => Made(Empty(device, full), y => device.Reductions.Spread(Of(device, reduced, 1), outer, length, inner, 2, y)));
        Same("softmax", device =>
        {
            Tensor x = Of(device, full, 1), gy = Of(device, full, 2), y = Empty(device, full), log = Empty(device, full), gx = Empty(device, full), glog = Empty(device, full);
            device.Reductions.Softmax(x, outer, length, inner, y);
            device.Reductions.LogSoftmax(x, outer, length, inner, log);
            device.Reductions.SoftmaxBackward(y, gy, outer, length, inner, gx);
            device.Reductions.LogSoftmaxBackward(log, gy, outer, length, inner, glog);
            return [y, log, gx, glog];
            // A logarithm near 0 is the difference of numbers near 1.
        }, 2e-5, floor: 1);
    }

    [Fact]
    public void Dot_finite_and_largest()
    {
        Shape shape = new(1237);
        using Scope outer = new();
        double expected = Cpu.Reductions.Dot(Of(Cpu, shape, 1), Of(Cpu, shape, 2));
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            using Scope scope = new();
            Assert.Equal(expected, device.Reductions.Dot(Of(device, shape, 1), Of(device, shape, 2)), 1e-4 * Math.Abs(expected) + 1e-5);
            Assert.True(device.Reductions.AllFinite(Of(device, shape, 1)));
            Assert.False(device.Reductions.AllFinite(Tensor.From(device, new Shape(3), [1, float.NaN, 2])));
            Assert.False(device.Reductions.AllFinite(Tensor.From(device, new Shape(3), [1, 2, float.NegativeInfinity])));
            Assert.True(device.Reductions.AllFinite(Empty(device, new Shape(0))));
            // More elements than one pass of the groups takes; the one that matters at an end, in the middle, and under finite ones of later passes.
            float[] many = Noise.Of(131_101, 3);
            Assert.True(device.Reductions.AllFinite(Tensor.From(device, new Shape(many.Length), many)));
            foreach (int at in new[] { 0, 255, 65_535, 65_536, 131_100 })
            {
                float[] bad = [.. many];
                bad[at] = float.PositiveInfinity;
                Assert.False(device.Reductions.AllFinite(Tensor.From(device, new Shape(bad.Length), bad)), $"{at} on {device}");
            }
            int[] places = new int[4];
            device.Reductions.ArgMax(Tensor.From(device, new Shape(4, 3), [1, 3, 3, float.NegativeInfinity, float.NegativeInfinity, -9, 5, float.NaN, float.NaN, 7, 6, 5]), places);
            Assert.Equal([1, 2, 1, 0], places);
        }
    }

    [Theory, InlineData(1, 1), InlineData(131, 3), InlineData(16, 15), InlineData(9, 16), InlineData(7, 33), InlineData(3, 1201), InlineData(0, 5)]
    public void Largest_of_rows(int rows, int length)
    {
        // Few different values, so that many are equal; NaN, more than one in a row, and rows of −∞.
        float[] x = [.. Noise.Of((long)rows * length, 5).Select((value, i) => i % 37 == 20 || i % 41 == 9 ? float.NaN : i / length % 5 == 4 ? float.NegativeInfinity : MathF.Round(value * 4))];
        int[] expected = [.. Enumerable.Range(0, rows).Select(row => First(x.AsSpan(row * length, length)))], places = new int[rows];
        foreach (Device device in (Device[])[Cpu, .. GpuTestDevices.For(0), .. GpuTestDevices.For(0, KernelVariant.Lanes), .. GpuTestDevices.For(0, KernelVariant.Items)])
        {
            using Scope scope = new();
            Array.Fill(places, -1);
            device.Reductions.ArgMax(Tensor.From(device, new Shape(rows, length), x), places);
            Assert.Equal(expected, places);
        }

        static int First(ReadOnlySpan<float> row)
        {
            float largest = float.NegativeInfinity;
            foreach (float value in row)
                largest = MathF.Max(largest, value);
            return row.IndexOf(largest);
        }
    }

    [Theory, InlineData(null), InlineData(2), InlineData(-1)]
    public void Losses(int? ignore)
    {
        const int rows = 301, classes = 5;
        Shape full = new(rows, classes), one = new(1), c = new(classes);
        Labels labels = new(new Shape(rows), [.. Enumerable.Range(0, rows).Select(i => i % 7 == 0 && ignore is { } value ? value : i * 3 % classes)]);
        Labels bits = new(full, [.. Enumerable.Range(0, rows * classes).Select(static i => i * 7 % 3 == 0 ? 1 : 0)]);
        foreach (bool weighted in new[] { false, true })
        {
            Same("likelihood", device =>
            {
                Tensor logp = Empty(device, full), loss = Empty(device, one), gx = Empty(device, full);
                Tensor? weight = weighted ? Positive(device, c, 3) : null;
                device.Reductions.LogSoftmax(Of(device, full, 1), rows, classes, 1, logp);
                device.Reductions.NegativeLogLikelihood(logp, labels, ignore, weight, 0.01f, loss);
                device.Reductions.NegativeLogLikelihoodBackward(logp, labels, ignore, weight, 0.01f, Tensor.Filled(device, one, 1.5f), gx);
                return [loss, gx];
            }, 1e-5);
        }
        Same("sigmoid", device =>
        {
            Tensor loss = Empty(device, one), gx = Empty(device, full);
            device.Reductions.SigmoidCrossEntropy(Of(device, full, 1), bits, ignore, 0.1f, loss);
            device.Reductions.SigmoidCrossEntropyBackward(Of(device, full, 1), bits, ignore, 0.1f, Tensor.Filled(device, one, 1.5f), gx);
            return [loss, gx];
        }, 1e-5);
        Same("label sums", device =>
        {
            Tensor overlap = Empty(device, c), total = Empty(device, c), gp = Empty(device, full);
            device.Reductions.LabelSums(Of(device, full, 1), labels, ignore, overlap, total);
            device.Reductions.LabelSumsBackward(labels, ignore, Of(device, c, 2), Of(device, c, 3), gp);
            return [overlap, total, gp];
        }, 1e-5);
    }

    [Theory, InlineData(7), InlineData(16), InlineData(277)]
    public void Resampling(int channels)
    {
        Shape x = new(2, 5, 3, channels), tripled = new(2, 15, 6, channels);
        Same("nearest", device => Made(Empty(device, tripled), y => device.Resampling.Nearest((3, 2), Of(device, x, 1), y)), 0);
        Same("nearest backward", device => Made(Empty(device, x), gx => device.Resampling.NearestBackward((3, 2), Of(device, tripled, 1), gx)));
        foreach (Shape y in new[] { new Shape(2, 11, 8, channels), new Shape(2, 2, 1, channels), new Shape(2, 5, 3, channels) })
        {
            foreach (bool align in new[] { false, true })
            {
                Same($"bilinear {y} {align}", device => Made(Empty(device, y), to => device.Resampling.Bilinear(align, Of(device, x, 1), to)));
                Same($"bilinear backward {y} {align}", device => Made(Empty(device, x), gx => device.Resampling.BilinearBackward(align, Of(device, y, 1), gx)));
            }
        }
    }

    [Fact]
    public void Sixteen_channels_at_once_give_the_bits_of_one_by_one()
    {
        // On the emulator, where no multiplication is contracted with the addition behind it. The build over the ILGPU packages has no lanes.
        GpuDevice? items = GpuTestDevices.For(0, KernelVariant.Items).FirstOrDefault(), lanes = GpuTestDevices.For(0, KernelVariant.Lanes).FirstOrDefault();
        if (items is null || lanes is null)
            return;
        using Scope scope = new();
        Assert.Equal(Bits(items), Bits(lanes));

        static int[] Bits(GpuDevice device)
        {
            PoolingGeometry g = PoolingGeometry.Create(new Shape(2, 7, 5, 35), (3, 2), (2, 1), new Padding(1, 1, 0, 1), true);
            ConvolutionGeometry depthwise = ConvolutionGeometry.Create(new Shape(1, 6, 5, 35), new Shape(3, 2, 1, 35), (1, 2), new Padding(1, 0, 1, 1), (1, 1), 35);
            Shape c = new(35), rows = new(523, 35), wide = new(2, 11, 8, 35);
            Tensor x = Of(device, g.InShape, 1), y = Empty(device, g.OutShape), argument = Empty(device, g.OutShape), gx = Empty(device, g.InShape), average = Empty(device, g.OutShape), gaverage = Empty(device, g.InShape);
            device.Pooling.Max(g, x, y, argument);
            device.Pooling.MaxBackward(g, argument, Of(device, g.OutShape, 2), gx);
            device.Pooling.Average(g, PoolingDivisor.RealPixels, x, average);
            device.Pooling.AverageBackward(g, PoolingDivisor.RealPixels, Of(device, g.OutShape, 2), gaverage);
            Tensor mean = Empty(device, c), variance = Empty(device, c), ggamma = Empty(device, c), gbeta = Empty(device, c);
            device.Normalization.Moments(Of(device, rows, 3), mean, variance);
            device.Normalization.ScaleGradients(Of(device, rows, 3), Of(device, rows, 4), mean, variance, 1e-3f, ggamma, gbeta);
            Tensor resized = Empty(device, wide), gresized = Empty(device, g.InShape);
            device.Resampling.Bilinear(false, x, resized);
            device.Resampling.BilinearBackward(false, Of(device, wide, 5), gresized);
            Tensor dx = Of(device, depthwise.InShape, 6), w = Of(device, depthwise.FilterShape, 7), dy = Empty(device, depthwise.OutShape), gw = Empty(device, depthwise.FilterShape), gdx = Empty(device, depthwise.InShape);
            device.Convolution.Forward(depthwise, dx, w, dy, Epilogue.None);
            device.Convolution.BackwardInput(depthwise, dy, w, gdx, Epilogue.None);
            device.Convolution.BackwardFilter(depthwise, dx, dy, gw);
            Tensor[] all = [y, argument, gx, average, gaverage, mean, variance, ggamma, gbeta, resized, gresized, dy, gw, gdx];
            return [.. all.SelectMany(static tensor => tensor.ToArray()).Select(BitConverter.SingleToInt32Bits)];
        }
    }

    [Fact]
    public void Update_rules()
    {
        Shape shape = new(3, 89);
        Same("sgd", device => Made(Of(device, shape, 1), p => device.Optimizers.Sgd(0.1f, p, Of(device, shape, 2))));
        foreach (bool either in new[] { false, true })
        {
            Same("momentum", device =>
            {
                Tensor p = Of(device, shape, 1), v = Of(device, shape, 3);
                device.Optimizers.Momentum(0.1f, 0.9f, either, p, Of(device, shape, 2), v);
                return [p, v];
            });
            Same("rmsprop", device =>
            {
                Tensor p = Of(device, shape, 1), v = Positive(device, shape, 3);
                device.Optimizers.RmsProp(0.1f, 0.9f, 1e-5f, either, p, Of(device, shape, 2), v);
                return [p, v];
            });
            Same("adam", device =>
            {
                Tensor p = Of(device, shape, 1), m = Of(device, shape, 3), v = Positive(device, shape, 4);
                Tensor? largest = either ? Positive(device, shape, 5) : null;
                device.Optimizers.Adam(new AdamStep(0.1f, 0.001f, 0.01f, 1.1f, 1e-6f, 0.9f, 0.99f, 0.001f, 0.02f), p, Of(device, shape, 2), m, v, largest);
                return largest is null ? [p, m, v] : [p, m, v, largest];
            });
        }
    }
}
