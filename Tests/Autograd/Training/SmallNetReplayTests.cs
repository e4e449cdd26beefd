using NativeFree.Autograd;
using NativeFree.Kernels;
using Xunit.Abstractions;

namespace NativeFree.Tests.Operators;

/// <summary>
/// Two hundred steps of a small net against Chainer's own trajectory: convolution, batch normalization, ReLU, max pooling, a dense layer, Adam. Tolerances: losses 1e-3 relative, final conv/W, fc/W and bn/gamma 2e-3 of the largest; conv/b and
/// bn/avg_mean are left out, a bias in front of batch normalization has no gradient but rounding.
/// </summary>
public sealed class SmallNetReplayTests(ITestOutputHelper output)
{
    internal const string File = "training/mlp_long.npz";

    [GoldenFact(File)]
    public void Losses_and_parameters_follow_chainer() => Follow(CpuDevice.Default, output);

    /// <summary>The run on any device.</summary>
    internal static void Follow(Device device, ITestOutputHelper output)
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(File));
        var net = new SmallNet(device, stored);
        float[] losses = stored["loss.float32"].As<float>();
        double worst = 0;
        for (int step = 0; step < losses.Length; step++)
        {
            float loss = net.Step();
            double error = Math.Abs(loss - (double)losses[step]) / losses[step];
            worst = Math.Max(worst, error);
            Assert.True(error <= 1e-3, $"loss of step {step + 1}: expected {losses[step]:g7}, got {loss:g7}");
        }
        output.WriteLine($"{device.Name}: worst relative difference of a loss {worst:g2}");
        Compare("conv/W", net.ConvolutionFilter, 2e-3);
        Compare("fc/W", net.DenseWeights, 2e-3);
        Compare("bn/gamma", net.Gamma.Value.ToArray(), 2e-3);
        Compare("bn/beta", net.Beta.Value.ToArray(), 2e-3);
        Compare("bn/avg_var", net.Variance.ToArray(), 2e-3);
        Compare("fc/b", net.DenseBias.Value.ToArray(), 2e-3);

        void Compare(string key, float[] values, double tolerance)
        {
            double[] expected = [.. stored["final.float32." + key].As<float>().Select(value => (double)value)];
            output.WriteLine($"{key}: {expected.Zip(values, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs):g2}");
            GradientCheck.Compare(key, expected, values, tolerance);
        }
    }

    [GoldenFact(File)]
    public void Twenty_steps_end_in_the_same_bits_for_any_number_of_threads()
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(File));
        float[][] Weights(int threads)
        {
            var net = new SmallNet(new CpuDevice(threads), stored);
            for (int step = 0; step < 20; step++)
                net.Step();
            return [net.ConvolutionFilter, net.DenseWeights, net.Gamma.Value.ToArray(), net.Beta.Value.ToArray(), net.DenseBias.Value.ToArray(), net.Mean.ToArray(), net.Variance.ToArray()];
        }

        float[][] one = Weights(1);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3])
        {
            float[][] other = Weights(threads);
            for (int i = 0; i < one.Length; i++)
                Assert.Equal(one[i].Select(GradientCheck.Bits), other[i].Select(GradientCheck.Bits));
        }
    }

    /// <summary>The net, its optimizer and its one batch.</summary>
    internal sealed class SmallNet
    {
        private readonly Device device;
        private readonly Adam adam;
        private readonly Tensor input;
        private readonly Labels labels;
        private readonly Parameter filter;
        private readonly Parameter bias;
        private readonly Parameter dense;

        public SmallNet(Device device, Dictionary<string, ReferenceArray> stored)
        {
            this.device = device;
            input = Tensor.FromNchw(device, 64, 3, 16, 16, stored["input"].As<float>());
            labels = new Labels(stored["label"].As<int>());
            filter = new Parameter("conv/W", Read(stored, "conv/W", CaseLayout.Filter));
            bias = new Parameter("conv/b", Read(stored, "conv/b", CaseLayout.AsItIs));
            Gamma = new Parameter("bn/gamma", Read(stored, "bn/gamma", CaseLayout.AsItIs));
            Beta = new Parameter("bn/beta", Read(stored, "bn/beta", CaseLayout.AsItIs));
            dense = new Parameter("fc/W", Tensor.From(device, new Shape(512, 10), Rows(stored["start.fc/W"].As<float>(), true)));
            DenseBias = new Parameter("fc/b", Read(stored, "fc/b", CaseLayout.AsItIs));
            Mean = Tensor.Zeros(device, new Shape(8));
            Variance = Tensor.Filled(device, new Shape(8), 1);
            adam = new Adam([filter, bias, Gamma, Beta, dense, DenseBias], 1e-3);
        }

        public Parameter Gamma { get; }

        public Parameter Beta { get; }

        public Parameter DenseBias { get; }

        public Tensor Mean { get; }

        public Tensor Variance { get; }

        public float[] ConvolutionFilter => CaseLayouts.Write(filter.Value, new Shape(8, 3, 3, 3), CaseLayout.Filter);

        public float[] DenseWeights => Rows(dense.Value.ToArray(), false);

        public float Step()
        {
            using var tape = new Tape();
            Variable h = F.BatchNormalization(F.Convolution2D(input, filter, bias, padding: Padding.All(1)), Gamma, Beta, Mean, Variance);
            Variable loss = F.SoftmaxCrossEntropy(F.Linear(F.MaxPooling2D(F.Relu(h), (2, 2)), dense, DenseBias), labels);
            float value = loss.Value.ToArray()[0];
            tape.Backward(loss);
            adam.Update();
            return value;
        }

        private Tensor Read(Dictionary<string, ReferenceArray> stored, string key, CaseLayout layout)
        {
            ReferenceArray array = stored["start." + key];
            return CaseLayouts.Read(device, new CaseArray(new Shape(array.Shape), array.As<float>()), layout);
        }

        /// <summary>(out, C·H·W) in the file, [H·W·C, out] here, with 8 channels of 8×8.</summary>
        private static float[] Rows(float[] source, bool fromFile)
        {
            float[] result = new float[source.Length];
            for (int o = 0; o < 10; o++)
            {
                for (int c = 0; c < 8; c++)
                {
                    for (int p = 0; p < 64; p++)
                    {
                        int there = (o * 512) + (c * 64) + p, here = (((p * 8) + c) * 10) + o;
                        if (fromFile)
                            result[here] = source[there];
                        else
                            result[there] = source[here];
                    }
                }
            }
            return result;
        }
    }
}
