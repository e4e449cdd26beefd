using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Gpu;

/// <summary>Fused blocks against the functions that they replace, on the same device, and against double twins: forward and every gradient, on the emulator (races checked, order permuted) and every OpenCL device.</summary>
public sealed class GpuBlockTests
{
    // Two float32 evaluations, sums of a few hundred terms included, in units of the largest value.
    private const double Close = 5e-6;

    private const float Epsilon = 1e-3f;

    [Theory, InlineData(true, 35, 19, true), InlineData(false, 35, 19, true), InlineData(false, 17, 70, false), InlineData(true, 301, 5, true)]
    public void The_end_of_a_residual_block_equals_its_parts_and_the_twin(bool batch, int rows, int channels, bool scales)
    {
        Shape shape = new(rows, channels), c = new(channels);
        float[] x = Noise.Of(shape.Count, 1), shortcut = Noise.Of(shape.Count, 2), gamma = Noise.Of(channels, 3), beta = Noise.Of(channels, 4), gy = Noise.Of(shape.Count, 5), mean = Noise.Of(channels, 6);
        float[] variance = [.. Noise.Of(channels, 7).Select(static value => (value * value) + 0.2f)];
        Dictionary<string, double[]> twin = ResidualTwin.Of(batch, rows, channels, x, gamma, beta, mean, variance, shortcut, gy, Epsilon);
        BatchNormalizationOptions options = new() { Epsilon = Epsilon, Frozen = !batch };
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            float[][] fused = Run(true), parts = Run(false);
            string[] names = ["y", "gx", "gshortcut", "ggamma", "gbeta"];
            for (int i = 0; i < (scales ? names.Length : 3); i++)
            {
                Near($"{device}, {names[i]} of the fused block against its parts", fused[i], [.. parts[i].Select(static value => (double)value)]);
                Near($"{device}, {names[i]} of the fused block against the twin", fused[i], twin[names[i]]);
            }
            Near($"{device}, running mean", fused[^2], [.. parts[^2].Select(static value => (double)value)]);
            Near($"{device}, running variance", fused[^1], [.. parts[^1].Select(static value => (double)value)]);

            float[][] Run(bool isFused)
            {
                using Tape tape = new();
                Variable vx = new(Tensor.From(device, shape, x), true), vs = new(Tensor.From(device, shape, shortcut), true);
                Variable vg = new(Tensor.From(device, c, gamma), scales), vb = new(Tensor.From(device, c, beta), scales);
                Tensor m = Tensor.From(device, c, mean), v = Tensor.From(device, c, variance);
                Variable y = isFused ? F.NormalizeAddRelu(vx, vg, vb, m, v, vs, options) : F.Relu(F.Add(F.BatchNormalization(vx, vg, vb, m, v, options), vs));
                Assert.Equal(isFused ? ["NormalizeAddRelu"] : ["BatchNormalization", "Add", "Relu"], tape.Records.Select(static record => record.Op.Name));
                // The tape gives back what it owns and kept when the walk is done.
                float[] value = y.Value.ToArray(), followedMean = m.ToArray(), followedVariance = v.ToArray();
                tape.Backward(y, Tensor.From(device, shape, gy));
                return [value, vx.Gradient!.ToArray(), vs.Gradient!.ToArray(), .. scales ? [vg.Gradient!.ToArray(), vb.Gradient!.ToArray()] : Array.Empty<float[]>(), followedMean, followedVariance];
            }
        }
    }

    [Fact]
    public void Branches_that_share_a_result_equal_their_parts_and_the_twin()
    {
        // Three convolutions of three inputs: 1×1, 3×3 and 5×5, 5 + 17 + 3 channels, the last without bias.
        int[] kernels = [1, 3, 5], inputs = [4, 7, 2], outputs = [5, 17, 3];
        ConvolutionGeometry[] g =
        [
            .. kernels.Select((kernel, i) => ConvolutionGeometry.Create(new Shape(2, 6, 5, inputs[i]), new Shape(kernel, kernel, inputs[i], outputs[i]), (1, 1), Padding.All(kernel / 2), (1, 1), 1)),
        ];
        int channels = outputs.Sum(), pixels = 2 * 6 * 5;
        float[] gy = Noise.Of(pixels * channels, 50);
        float[][] x = [.. g.Select(static (geometry, i) => Noise.Of(geometry.InShape.Count, 10 + i))], w = [.. g.Select(static (geometry, i) => Noise.Of(geometry.FilterShape.Count, 20 + i))];
        float[][] b = [.. outputs.Select(static (count, i) => Noise.Of(count, 30 + i))];
        double[] joined = new double[pixels * channels];
        var expected = new List<double[]>();
        for (int i = 0, first = 0; i < g.Length; first += outputs[i++])
        {
            (double[] value, _) = ConvolutionTwin.Forward(g[i], x[i], w[i]);
            float[] gate = new float[value.Length];
            double[] gb = new double[outputs[i]];
            for (int at = 0; at < value.Length; at++)
            {
                int o = at % outputs[i], to = (at / outputs[i] * channels) + first + o;
                joined[to] = Math.Max(value[at] + (i < 2 ? b[i][o] : 0), 0);
                gate[at] = joined[to] > 0 ? gy[to] : 0;
                gb[o] += gate[at];
            }
            expected.Add(ConvolutionTwin.BackwardInput(g[i], gate, w[i]).Value);
            expected.Add(ConvolutionTwin.BackwardFilter(g[i], x[i], gate).Value);
            if (i < 2)
                expected.Add(gb);
        }
        IEnumerable<GpuDevice> devices = GpuTestDevices.For(0).Concat(new[] { KernelVariant.Tiled, KernelVariant.Rows16, KernelVariant.Rows64 }.SelectMany(static variant => GpuTestDevices.For(0, variant)));
        foreach (GpuDevice device in devices)
        {
            float[][] fused = Run(true), parts = Run(false);
            Near($"{device}, joined", fused[0], joined);
            for (int i = 0; i < fused.Length; i++)
                Near($"{device}, result {i} against the parts", fused[i], [.. parts[i].Select(static value => (double)value)]);
            for (int i = 0; i < expected.Count; i++)
                Near($"{device}, gradient {i} against the twin", fused[i + 1], expected[i]);

            float[][] Run(bool isFused)
            {
                using Tape tape = new();
                ConvolutionBranch[] branches =
                [
                    .. g.Select((geometry, i) => new ConvolutionBranch(
                        new Variable(Tensor.From(device, geometry.InShape, x[i]), true), new Variable(Tensor.From(device, geometry.FilterShape, w[i]), true),
                        i < 2 ? new Variable(Tensor.From(device, new Shape(outputs[i]), b[i]), true) : null, (1, 1), Padding.All(kernels[i] / 2), (1, 1), 1)),
                ];
                Variable y = isFused ? F.ConvolutionBranches(branches) : F.Relu(F.Concat(-1, [.. branches.Select(static branch => F.Convolution2D(branch.X, branch.W, branch.B, branch.Stride, branch.Padding))]));
                Assert.Equal(isFused ? 1 : 5, tape.Records.Count);
                float[] value = y.Value.ToArray();
                tape.Backward(y, Tensor.From(device, y.Shape, gy));
                return [value, .. branches.SelectMany(static branch => new[] { branch.X.Gradient!, branch.W.Gradient! }.Concat(branch.B is { } bias ? [bias.Gradient!] : [])).Select(static gradient => gradient.ToArray())];
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Blocks_of_a_network_train_fused_as_on_the_cpu(bool inception)
    {
        Layer Make() => inception ? new Inception(6, 5, 4, 7, 3, 6, 2) : new Bottleneck(6, 4, 16, 2, project: true, new BottleneckStyle());
        float[] x = Noise.Of(2 * 7 * 5 * 6, 1);
        Dictionary<string, float[]> expected = Run(CpuDevice.Default, Make(), out string[] plain);
        Assert.DoesNotContain("ConvolutionBranches", plain);
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Dictionary<string, float[]> got = Run(device, Make(), out string[] operators);
            Assert.Contains(inception ? "ConvolutionBranches" : "NormalizeAddRelu", operators);
            Assert.DoesNotContain("Concat", operators);
            Assert.DoesNotContain("Add", operators);
            foreach ((string name, float[] values) in expected)
                Near($"{device}, {name}", got[name], [.. values.Select(static value => (double)value)], 2e-5);
        }

        Dictionary<string, float[]> Run(Device device, Layer layer, out string[] operators)
        {
            layer.To(device);
            using Tape tape = new();
            Variable input = new(Tensor.From(device, new Shape(2, 7, 5, 6), x), true);
            Variable y = layer.Forward(input);
            operators = [.. tape.Records.Select(static record => record.Op.Name)];
            var results = new Dictionary<string, float[]> { ["y"] = y.Value.ToArray() };
            tape.Backward(y, Tensor.From(device, y.Shape, Noise.Of(y.Shape.Count, 2)));
            results.Add("gx", input.Gradient!.ToArray());
            foreach ((string path, Parameter parameter) in layer.NamedParameters())
                results.Add(path, parameter.Gradient!.ToArray());
            foreach ((string path, Statistic statistic) in layer.NamedStatistics())
                results.Add(path, statistic.Value.ToArray());
            return results;
        }
    }

    private static void Near(string what, float[] got, double[] expected, double tolerance = Close)
    {
        Assert.Equal(expected.Length, got.Length);
        double largest = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < got.Length; i++)
            Assert.True(Math.Abs(got[i] - expected[i]) <= tolerance * largest, $"{what} [{i}]: expected {expected[i]:g9}, got {got[i]:g9}");
    }
}
