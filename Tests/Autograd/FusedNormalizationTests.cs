using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Autograd;

/// <summary>Normalization fused with what follows it, on the CPU: the bits of its parts, the numbers of the double twin, and a network that uses it.</summary>
public sealed class FusedNormalizationTests
{
    private const float Epsilon = 1e-3f;

    public static TheoryData<bool, bool, int, int, bool, bool> Cases()
    {
        var data = new TheoryData<bool, bool, int, int, bool, bool>();
        foreach (bool adds in new[] { false, true })
        {
            foreach (bool batch in new[] { false, true })
            {
                // More rows than a segment has (16384 floats); channels on both sides of one and of four vectors of every width.
                foreach ((int rows, int channels) in new[] { (1, 1), (35, 19), (2, 64), (301, 70), (17, 3), (0, 5), (7, 4099) })
                {
                    data.Add(adds, batch, rows, channels, true, true);
                    data.Add(adds, batch, rows, channels, false, true);
                    data.Add(adds, batch, rows, channels, true, false);
                }
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Fused_has_the_bits_of_its_parts_and_is_near_the_twin(bool adds, bool batch, int rows, int channels, bool scales, bool wantsX)
    {
        Shape shape = new(rows, channels), c = new(channels);
        float[] x = Noise.Of(shape.Count, 1), shortcut = Noise.Of(shape.Count, 2), gamma = Noise.Of(channels, 3), beta = Noise.Of(channels, 4), gy = Noise.Of(shape.Count, 5), mean = Noise.Of(channels, 6);
        float[] variance = [.. Noise.Of(channels, 7).Select(static value => (value * value) + 0.2f)];
        BatchNormalizationOptions options = new() { Epsilon = Epsilon, Frozen = !batch };
        foreach (int threads in new[] { 1, 3 })
        {
            var device = new CpuDevice(threads);
            List<(string Name, float[] Values)> fused = Run(device, true), parts = Run(device, false);
            Assert.Equal(parts.Select(static part => part.Name), fused.Select(static part => part.Name));
            foreach (((string name, float[] got), (_, float[] expected)) in fused.Zip(parts))
                Assert.True(got.AsSpan().SequenceEqual(expected) && !got.Any(float.IsNaN), $"{name}: the fused operator has other bits than its parts");
            Dictionary<string, double[]> twin = ResidualTwin.Of(batch, rows, channels, x, gamma, beta, mean, variance, adds ? shortcut : new float[x.Length], gy, Epsilon);
            foreach ((string name, float[] got) in fused.Where(part => twin.ContainsKey(part.Name)))
                Near(name, got, twin[name]);
        }

        List<(string, float[])> Run(CpuDevice device, bool isFused)
        {
            using Tape tape = new();
            Variable vx = new(Tensor.From(device, shape, x), wantsX), vs = new(Tensor.From(device, shape, shortcut), true);
            Variable vg = new(Tensor.From(device, c, gamma), scales), vb = new(Tensor.From(device, c, beta), scales);
            Tensor m = Tensor.From(device, c, mean), v = Tensor.From(device, c, variance);
            Variable y = (isFused, adds) switch
            {
                (true, true) => F.NormalizeAddRelu(vx, vg, vb, m, v, vs, options),
                (true, false) => F.NormalizeRelu(vx, vg, vb, m, v, options),
                (false, true) => F.Relu(F.Add(F.BatchNormalization(vx, vg, vb, m, v, options), vs)),
                (false, false) => F.Relu(F.BatchNormalization(vx, vg, vb, m, v, options)),
            };
            if (isFused && y.RequiresGradient)
                Assert.Equal([adds ? "NormalizeAddRelu" : "NormalizeRelu"], tape.Records.Select(static record => record.Op.Name));
            var results = new List<(string, float[])> { ("y", y.Value.ToArray()), ("running mean", m.ToArray()), ("running variance", v.ToArray()) };
            if (y.RequiresGradient)
                tape.Backward(y, Tensor.From(device, shape, gy));
            foreach ((string name, Variable variable) in new[] { ("gx", vx), ("gshortcut", vs), ("ggamma", vg), ("gbeta", vb) })
            {
                if (variable.Gradient is { } gradient)
                    results.Add((name, gradient.ToArray()));
            }
            return results;
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Not_a_number_stays_and_lets_no_gradient_through(bool adds)
    {
        var device = new CpuDevice(1);
        float[] x = Noise.Of(3 * 21, 1);
        x[25] = float.NaN;
        using Tape tape = new();
        Variable vx = new(Tensor.From(device, new Shape(3, 21), x), true), vs = new(Noise.On(device, new Shape(3, 21), 2), true);
        Tensor one = Tensor.Filled(device, new Shape(21), 1), zero = Tensor.Filled(device, new Shape(21), 0);
        BatchNormalizationOptions frozen = new() { Frozen = true };
        Variable y = adds ? F.NormalizeAddRelu(vx, one, zero, zero, one, vs, frozen) : F.NormalizeRelu(vx, one, zero, zero, one, frozen);
        float[] values = y.Value.ToArray();
        tape.Backward(y, Tensor.Filled(device, y.Shape, 1));
        float[] gx = vx.Gradient!.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(i == 25, float.IsNaN(values[i]));
            Assert.Equal(values[i] > 0, gx[i] != 0);
        }
    }

    [Fact]
    public void A_network_runs_fused_while_it_trains_and_in_parts_where_its_parts_are_asked_for()
    {
        var device = new CpuDevice(1);
        var block = new Bottleneck(6, 4, 16, 2, project: true, new BottleneckStyle());
        block.To(device);
        float[] x = Noise.Of(2 * 7 * 5 * 6, 1);
        using Tape tape = new();
        block.Forward(new Variable(Tensor.From(device, new Shape(2, 7, 5, 6), x), true));
        Assert.Equal(2, tape.Records.Count(static record => record.Op.Name == "NormalizeRelu"));
        Assert.Equal(1, tape.Records.Count(static record => record.Op.Name == "NormalizeAddRelu"));
        Assert.Equal(1, tape.Records.Count(static record => record.Op.Name == "BatchNormalization"));
        Assert.DoesNotContain(tape.Records, static record => record.Op.Name is "Relu" or "Add");
        using Tape inference = new(training: false);
        block.Forward(new Variable(Tensor.From(device, new Shape(2, 7, 5, 6), x), true));
        Assert.Equal(4, inference.Records.Count(static record => record.Op.Name == "BatchNormalization"));
        Assert.Equal(3, inference.Records.Count(static record => record.Op.Name == "Relu"));
    }

    private static void Near(string what, float[] got, double[] expected)
    {
        Assert.Equal(expected.Length, got.Length);
        double largest = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < got.Length; i++)
            Assert.True(Math.Abs(got[i] - expected[i]) <= (2e-5 * largest) + 1e-6, $"{what} [{i}]: expected {expected[i]:g9}, got {got[i]:g9}");
    }
}
