using NativeFree.Kernels;
using NativeFree.Tests.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Gpu;

/// <summary>The products behind matrix products, convolution and its gradients against double twins, each variant at sizes around every tile edge, with every epilogue.</summary>
public sealed partial class GpuProductTests
{
    // Rounding of a sum of K products in float32, in units of Σ|terms|.
    private const double Rounding = 4e-7;

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 5, 3, 0 }, { 0, 4, 3 }, { 4, 0, 3 }, { 63, 65, 17 }, { 64, 64, 16 }, { 65, 63, 15 }, { 2, 131, 67 }, { 129, 7, 31 }, { 3, 5, 3001 }, { 70, 66, 1040 },
    };

    /// <summary>Each variant by itself; null: what the device chooses.</summary>
    private static readonly KernelVariant?[] Variants = [null, KernelVariant.Tiled, KernelVariant.Rows16, KernelVariant.Rows32, KernelVariant.Rows64];

    private static IEnumerable<(GpuDevice Device, string Name)> Devices(long work) =>
        Variants.SelectMany(variant => (variant is { } one ? GpuTestDevices.For(work, one) : GpuTestDevices.For(work)).Select(device => (device, $"{device}, {(variant is { } v ? v : "chosen")}")));

    [Theory, MemberData(nameof(Sizes))]
    public void A_matrix_product_equals_the_twin(int m, int n, int k)
    {
        float[] a = Noise.Of(m * k, 1), b = Noise.Of(k * n, 2), bias = Noise.Of(n, 3), addend = Noise.Of(m * n, 4);
        foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            double[] value = new double[m * n], magnitude = new double[m * n];
            for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            for (int l = 0; l < k; l++)
            {
                double term = a[transposeA ? (l * m) + i : (i * k) + l] * (double)b[transposeB ? (j * k) + l : (l * n) + j];
                value[(i * n) + j] += term;
                magnitude[(i * n) + j] += Math.Abs(term);
            }
            foreach (bool ends in new[] { false, true })
            {
                (double[] expected, double[] size) = ends ? Finish(value, magnitude, n, bias, addend, true) : (value, magnitude);
                foreach ((GpuDevice device, string name) in Devices((long)m * n * k))
                {
                    using Scope scope = new();
                    Tensor y = new(device, new Shape(m, n));
                    Tensor left = Tensor.From(device, transposeA ? new Shape(k, m) : new Shape(m, k), a), right = Tensor.From(device, transposeB ? new Shape(n, k) : new Shape(k, n), b);
                    Epilogue epilogue = ends ? new Epilogue(Tensor.From(device, new Shape(n), bias), Tensor.From(device, y.Shape, addend), true) : Epilogue.None;
                    device.MatrixMultiply.Multiply(left, transposeA, right, transposeB, y, epilogue);
                    TwinAssert.Close($"{name}: {m}×{n}×{k}, {transposeA}, {transposeB}, {ends}", y.ToArray(), expected, size, Rounding);
                }
            }
        }
    }

    [Theory, MemberData(nameof(CpuConvolutionTests.Cases), MemberType = typeof(CpuConvolutionTests))]
    public void A_convolution_and_its_gradients_equal_the_twin(int[] s)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Create(
            new Shape(s[0], s[1], s[2], s[3]), new Shape(s[5], s[6], s[3] / s[15], s[4]), (s[7], s[8]), new Padding(s[9], s[10], s[11], s[12]), (s[13], s[14]), s[15]);
        float[] x = Noise.Of(g.InShape.Count, 1), w = Noise.Of(g.FilterShape.Count, 2), gy = Noise.Of(g.OutShape.Count, 3), bias = Noise.Of(g.OutChannels, 4), back = Noise.Of(g.InChannels, 5);
        (double[] forward, double[] forwardSize) = ConvolutionTwin.Forward(g, x, w);
        (double[] finished, double[] finishedSize) = Finish(forward, forwardSize, g.OutChannels, bias, gy, true);
        (double[] input, double[] inputSize) = ConvolutionTwin.BackwardInput(g, gy, w);
        (double[] inputFinished, double[] inputFinishedSize) = Finish(input, inputSize, g.InChannels, back, x, false);
        (double[] filter, double[] filterSize) = ConvolutionTwin.BackwardFilter(g, x, gy);
        (GpuDevice, string)[] lanes = DepthwiseKernels.Fits(g) ? [.. GpuTestDevices.For(g.Flops * 2, KernelVariant.Lanes).Select(static device => (device, $"{device}, lanes"))] : [];
        foreach ((GpuDevice device, string name) in Devices(g.Flops * 2).Concat(lanes))
        {
            using Scope scope = new();
            Tensor dx = Tensor.From(device, g.InShape, x), dw = Tensor.From(device, g.FilterShape, w), dgy = Tensor.From(device, g.OutShape, gy);
            Tensor y = new(device, g.OutShape), gx = new(device, g.InShape), gw = new(device, g.FilterShape);
            device.Convolution.Forward(g, dx, dw, y, Epilogue.None);
            TwinAssert.Close($"{name}: {g}", y.ToArray(), forward, forwardSize, Rounding);
            device.Convolution.Forward(g, dx, dw, y, new Epilogue(Tensor.From(device, new Shape(g.OutChannels), bias), dgy, true));
            TwinAssert.Close($"{name}: {g}, bias, addend, ReLU", y.ToArray(), finished, finishedSize, Rounding);
            device.Convolution.BackwardInput(g, dgy, dw, gx, Epilogue.None);
            TwinAssert.Close($"{name}: input gradient of {g}", gx.ToArray(), input, inputSize, Rounding);
            device.Convolution.BackwardInput(g, dgy, dw, gx, new Epilogue(Tensor.From(device, new Shape(g.InChannels), back), dx, false));
            TwinAssert.Close($"{name}: input gradient of {g}, bias, addend", gx.ToArray(), inputFinished, inputFinishedSize, Rounding);
            device.Convolution.BackwardFilter(g, dx, dgy, gw);
            TwinAssert.Close($"{name}: filter gradient of {g}", gw.ToArray(), filter, filterSize, Rounding);
        }
    }

    private static (double[] Value, double[] Magnitude) Finish(double[] value, double[] magnitude, int channels, float[] bias, float[] addend, bool relu)
    {
        double[] finished = new double[value.Length], size = new double[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            double sum = value[i] + bias[i % channels] + addend[i];
            finished[i] = relu ? Math.Max(sum, 0) : sum;
            size[i] = magnitude[i] + Math.Abs(bias[i % channels]) + Math.Abs(addend[i]);
        }
        return (finished, size);
    }
}
