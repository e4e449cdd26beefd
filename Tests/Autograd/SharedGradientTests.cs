using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Autograd;

/// <summary>Gradients that take the memory of the one that arrived, or add themselves to one that is there: only where nobody else reads it, and with the same numbers.</summary>
public sealed class SharedGradientTests
{
    private const int Channels = 5;

    private static readonly CpuDevice Device = new(2);

    [Theory, InlineData("Relu"), InlineData("Tanh"), InlineData("Dropout"), InlineData("BatchNormalization"), InlineData("frozen"), InlineData("NormalizeRelu"), InlineData("NormalizeRelu frozen"), InlineData("NormalizeAddRelu"),
        InlineData("NormalizeAddRelu frozen")]
    public void A_gradient_that_is_kept_or_handed_to_two_is_left_as_it_is(string name)
    {
        Dictionary<string, float[]> plain = Run(false, false), kept = Run(true, false), lent = Run(false, true);
        Assert.Equal(Noise.Of(7 * Channels, 9), kept["gy"]);
        foreach (string key in plain.Keys)
        {
            Assert.Equal(plain[key], kept[key]);
            Assert.Equal(plain[key], lent[key]);
        }
        // What the sum handed on to its other operand.
        Assert.Equal(Noise.Of(7 * Channels, 9), lent["gother"]);

        Dictionary<string, float[]> Run(bool keeps, bool lends)
        {
            using Tape tape = new() { Seed = 3 };
            Variable x = Input(1), shortcut = Input(2), other = Input(3);
            Variable y = Apply(name, x, shortcut);
            y.KeepGradient = keeps;
            Variable end = lends ? F.Add(other, y) : y;
            if (keeps)
                end = F.Scale(y, 1);
            tape.Backward(end, Noise.On(Device, y.Shape, 9));
            var results = new Dictionary<string, float[]> { ["gx"] = x.Gradient!.ToArray() };
            if (shortcut.Gradient is { } gradient)
                results.Add("gshortcut", gradient.ToArray());
            if (keeps)
                results.Add("gy", y.Gradient!.ToArray());
            if (lends)
                results.Add("gother", other.Gradient!.ToArray());
            return results;
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void An_activation_writes_its_gradient_over_the_one_that_arrives_unless_that_is_kept(bool keeps)
    {
        using Tape tape = new();
        Probe before = new(), behind = new();
        Variable y = F.Relu(before.Apply(Input(1)));
        y.KeepGradient = keeps;
        tape.Backward(behind.Apply(y), Noise.On(Device, y.Shape, 2));
        Assert.Equal(!keeps, ReferenceEquals(behind.Made, before.Arrived));
    }

    [Theory, InlineData(1, 3, 1), InlineData(2, 3, 1), InlineData(1, 1, 1), InlineData(2, 1, 2), InlineData(1, 5, 1)]
    public void A_convolution_adds_its_input_gradient_to_what_is_there(int order, int kernel, int stride)
    {
        // Winograd for 16 channels and 3×3; a leaf, a result, one whose gradient is kept, one that a sum has handed its gradient to.
        foreach (int channels in new[] { 5, 16 })
        {
            foreach (string form in new[] { "leaf", "result", "kept", "lent" })
            {
                float[] first = Run(form, channels, 1), second = Run(form, channels, 2), both = Run(form, channels, 3);
                for (int i = 0; i < both.Length; i++)
                    Assert.True(Math.Abs(first[i] + second[i] - both[i]) <= 2e-5, $"{form}, {channels} channels [{i}]: {first[i]} + {second[i]}, got {both[i]}");
            }
        }

        float[] Run(string form, int channels, int uses)
        {
            using Tape tape = new();
            Shape shape = new(2, 33, 31, channels);
            Variable leaf = new(Noise.On(Device, shape, 1), true), x = form == "leaf" ? leaf : F.Scale(leaf, 1);
            x.KeepGradient = form == "kept";
            var ends = new List<Variable>();
            static Variable Weighted(Variable y, int seed) => F.Sum(F.Multiply(y, Noise.On(Device, y.Shape, seed)));
            Variable Convolve(int seed) => F.Convolution2D(x, new Variable(Noise.On(Device, new Shape(kernel, kernel, channels, 16), seed), true), null, (stride, stride), Padding.All(kernel / 2));
            // What is recorded last is walked first.
            if ((uses & 2) != 0 && order == 1)
                ends.Add(Weighted(Convolve(3), 6));
            if ((uses & 1) != 0)
                ends.Add(form == "lent" ? Weighted(F.Add(x, leaf), 4) : Weighted(Convolve(2), 5));
            if ((uses & 2) != 0 && order == 2)
                ends.Add(Weighted(Convolve(3), 6));
            tape.Backward(F.Add([.. ends]));
            return (form == "kept" ? x : leaf).Gradient!.ToArray();
        }
    }

    /// <summary>The identity; remembers where the gradient that arrives and the one it makes lie.</summary>
    private sealed class Probe : Op
    {
        public override string Name => "Probe";

        public DeviceBuffer? Arrived { get; private set; }

        public DeviceBuffer? Made { get; private set; }

        protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x) => Copy(x[0], new Tensor(x[0].Device, x[0].Shape));

        protected internal override void Backward(Saved saved, Tensor gy, Gradients g) => (Arrived, Made) = (gy.Buffer, Copy(gy, g[0]).Buffer);

        private static Tensor Copy(Tensor from, Tensor to)
        {
            from.Device.Elementwise.Scale(1, from, to);
            return to;
        }
    }

    private static Variable Input(int seed) => new(Noise.On(Device, new Shape(7, Channels), seed), true);

    private static Variable Apply(string name, Variable x, Variable shortcut)
    {
        Shape c = new(Channels);
        Variable gamma = new(Noise.On(Device, c, 4), true), beta = new(Noise.On(Device, c, 5), true), fixedGamma = new(Noise.On(Device, c, 4)), fixedBeta = new(Noise.On(Device, c, 5));
        Tensor mean = Noise.On(Device, c, 6), variance = Tensor.Filled(Device, c, 0.7f);
        BatchNormalizationOptions frozen = new() { Frozen = true };
        return name switch
        {
            "Relu" => F.Relu(x),
            "Tanh" => F.Tanh(x),
            "Dropout" => F.Dropout(x, 0.4f),
            "BatchNormalization" => F.BatchNormalization(x, gamma, beta, mean, variance),
            "frozen" => F.BatchNormalization(x, fixedGamma, fixedBeta, mean, variance, frozen),
            "NormalizeRelu" => F.NormalizeRelu(x, gamma, beta, mean, variance),
            "NormalizeRelu frozen" => F.NormalizeRelu(x, fixedGamma, fixedBeta, mean, variance, frozen),
            "NormalizeAddRelu" => F.NormalizeAddRelu(x, gamma, beta, mean, variance, shortcut),
            _ => F.NormalizeAddRelu(x, fixedGamma, fixedBeta, mean, variance, shortcut, frozen),
        };
    }
}
