using NativeFree.Kernels;
using NativeFree.Tests.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Gpu;

/// <summary>Prepared convolutions: filters packed or transformed once, results among other channels, addends, ReLU, transposed ones.</summary>
public sealed partial class GpuProductTests
{
    // The transforms' constants reach 8: relative to the largest value, as on the SIMD engine.
    private const double WinogradRounding = 1e-5;

    private static readonly KernelVariant[] Preparable = [KernelVariant.Tiled, KernelVariant.Rows16, KernelVariant.Rows32, KernelVariant.Rows64, KernelVariant.Winograd];

    [Theory, MemberData(nameof(WinogradConvolutionTests.Cases), MemberType = typeof(WinogradConvolutionTests))]
    public void A_prepared_convolution_equals_the_twin(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        // A transposed convolution too, and channels of the result among others: three before, two behind.
        const int before = 3, behind = 2;
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(n, h, w, i), new Shape(3, 3, i, o), (1, 1), new Padding(top, left, bottom, right), (1, 1), 1);
        float[] x = Noise.Of(g.InShape.Count, 1), filter = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(o, 3), add = Noise.Of(g.OutShape.Count, 4), back = Noise.Of(i, 5);
        (double[] value, _) = ConvolutionTwin.Forward(g, x, filter);
        (double[] input, _) = ConvolutionTwin.BackwardInput(g, add, filter);
        double[] full = [.. value.Select((v, at) => Math.Max(v + b[at % o] + add[at], 0))], sliced = [.. value.Select((v, at) => v + b[at % o])], transposed = [.. input.Select((v, at) => v + back[at % i])];
        foreach (KernelVariant variant in Preparable)
        {
            foreach (GpuDevice device in GpuTestDevices.For(g.Flops * 3, variant))
            {
                using Scope scope = new();
                Tensor dx = Tensor.From(device, g.InShape, x), dw = Tensor.From(device, g.FilterShape, filter), bias = Tensor.From(device, new Shape(o), b), addend = Tensor.From(device, g.OutShape, add);
                Tensor y = new(device, g.OutShape), gx = new(device, g.InShape), wide = Tensor.Filled(device, new Shape(n, g.OutHeight, g.OutWidth, before + o + behind), -77);
                PreparedConvolution whole = device.Convolution.Prepare(g, dw, bias, true, false, o);
                Assert.Equal(variant == KernelVariant.Winograd && g.InShape.Count > 0, whole.Algorithm == "winograd 4×4");
                whole.Run(dx, y, 0, addend);
                Close($"{device} {variant} {g}", y.ToArray(), full);
                device.Convolution.Prepare(g, dw, bias, false, false, before + o + behind).Run(dx, wide, before, null);
                float[] got = wide.ToArray();
                Close($"{device} {variant} {g} among channels", [.. Enumerable.Range(0, sliced.Length).Select(at => got[(at / o * (before + o + behind)) + before + (at % o)])], sliced);
                Assert.All(Enumerable.Range(0, got.Length).Where(at => at % (before + o + behind) is var c && (c < before || c >= before + o)), at => Assert.Equal(-77, got[at]));
                device.Convolution.Prepare(g, dw, Tensor.From(device, new Shape(i), back), false, true, i).Run(addend, gx, 0, null);
                Close($"{device} {variant} transposed {g}", gx.ToArray(), transposed);
            }
        }
    }

    [Fact]
    public void A_pooling_stays_a_step_of_its_own()
    {
        using Scope scope = new();
        GpuDevice device = GpuTestDevices.CheckedEmulator;
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 7, 8, 16), new Shape(3, 3, 16, 32), (1, 1), Padding.All(1), (1, 1), 1);
        PoolingGeometry window = PoolingGeometry.Create(g.OutShape, (2, 2), (2, 2), Padding.None, false);
        Assert.False(device.Convolution.Pools(g, window));
        string text = Assert.Throws<ShapeException>(() => device.Convolution.Prepare(g, Tensor.Zeros(device, g.FilterShape), null, true, false, 32, window: window)).Message;
        Assert.Equal($"Convolution.Prepare: a pooling is one that Pools accepts, and {device.Name} pools in a step of its own; got {window} behind {g}.", text);
    }

    private static void Close(string what, float[] got, double[] expected)
    {
        Assert.Equal(expected.Length, got.Length);
        double largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (int at = 0; at < got.Length; at++)
            Assert.True(Math.Abs(got[at] - expected[at]) <= WinogradRounding * largest, $"{what} [{at}]: expected {expected[at]:g9}, got {got[at]:g9}, largest {largest:g4}");
    }
}
