using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>The engine's three passes against the double twin: sizes odd and different, channels around every panel and vector edge, with every kind of epilogue, and the same bits on 1, 2 and 3 threads.</summary>
public sealed class CpuConvolutionTests
{
    // Rounding of a sum of K products in float32, in units of Σ|terms|: below 2⁻²⁴·√K for the longest sums here, doubled for the order of addition.
    private const double Rounding = 4e-7;

    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];

    /// <summary>batch, height, width, in, out, kernel (h, w), stride (y, x), pad (top, left, bottom, right), dilation (y, x), groups.</summary>
    public static TheoryData<int[]> Cases => new()
    {
        new[] { 1, 7, 9, 5, 3, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 2, 11, 8, 16, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 13, 10, 17, 65, 3, 2, 2, 1, 0, 1, 2, 0, 1, 1, 1 },
        new[] { 3, 5, 6, 63, 127, 1, 3, 1, 2, 0, 2, 0, 1, 1, 1, 1 },
        new[] { 1, 23, 19, 3, 40, 7, 7, 2, 2, 3, 3, 3, 3, 1, 1, 1 },
        new[] { 2, 15, 17, 3, 19, 5, 3, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 17, 14, 1, 7, 4, 5, 3, 2, 2, 0, 1, 3, 1, 1, 1 },
        new[] { 1, 9, 12, 15, 33, 3, 3, 1, 1, 2, 2, 2, 2, 2, 1, 1 },
        new[] { 1, 14, 13, 20, 24, 3, 3, 2, 2, 1, 1, 1, 1, 2, 3, 2 },
        new[] { 2, 9, 7, 37, 37, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 37 },
        new[] { 1, 10, 11, 18, 18, 3, 5, 2, 3, 1, 2, 0, 2, 1, 1, 18 },
        new[] { 1, 8, 9, 6, 12, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6 },
        new[] { 1, 7, 7, 1100, 70, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 5, 4, 300, 66, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 6, 5, 4, 200, 9, 8, 1, 1, 4, 4, 4, 4, 1, 1, 1 },
        new[] { 2, 3, 4, 16, 48, 2, 2, 4, 3, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 6, 7, 18, 20, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 0, 6, 7, 18, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 4, 5, 0, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 41, 43, 64, 65, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 1, 1, 2, 1, 1, 1, 5, 7, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 12, 11, 16, 17, 11, 12, 1, 1, 5, 5, 5, 6, 1, 1, 1 },
        // Filter gradients in strands: of lines, of padded rows, of whole images, of met pixels alone, of groups.
        new[] { 3, 41, 43, 5, 7, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 3, 47, 29, 17, 19, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 2, 61, 37, 6, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 61, 7, 5, 17, 20, 1, 2, 1, 1, 0, 0, 0, 1, 1, 1, 1 },
        new[] { 5, 37, 39, 49, 24, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 5, 31, 33, 34, 18, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_equals_the_twin(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        float[] x = Noise.Of(g.InShape.Count, 1), w = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(g.OutChannels, 3), add = Noise.Of(g.OutShape.Count, 4);
        (double[] value, double[] magnitude) = ConvolutionTwin.Forward(g, x, w);
        foreach ((bool bias, bool addend, bool relu) in new[] { (false, false, false), (true, false, true), (true, true, false), (false, true, true) })
        {
            (double[] expected, double[] size) = Finish(value, magnitude, g.OutChannels, bias ? b : null, addend ? add : null, relu);
            Compare($"forward {g}", g.OutShape, expected, size, (device, y) => device.Convolution.Forward(
                g, Tensor.From(device, g.InShape, x), Tensor.From(device, g.FilterShape, w), y, Ends(device, bias ? b : null, addend ? add : null, g.OutShape, relu)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BackwardInput_equals_the_twin(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        float[] gy = Noise.Of(g.OutShape.Count, 5), w = Noise.Of(g.FilterShape.Count, 6), b = Noise.Of(g.InChannels, 7), add = Noise.Of(g.InShape.Count, 8);
        (double[] value, double[] magnitude) = ConvolutionTwin.BackwardInput(g, gy, w);
        foreach ((bool bias, bool addend, bool relu) in new[] { (false, false, false), (true, true, true) })
        {
            (double[] expected, double[] size) = Finish(value, magnitude, g.InChannels, bias ? b : null, addend ? add : null, relu);
            Compare($"backward input {g}", g.InShape, expected, size, (device, gx) => device.Convolution.BackwardInput(
                g, Tensor.From(device, g.OutShape, gy), Tensor.From(device, g.FilterShape, w), gx, Ends(device, bias ? b : null, addend ? add : null, g.InShape, relu)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BackwardFilter_equals_the_twin(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        float[] x = Noise.Of(g.InShape.Count, 9), gy = Noise.Of(g.OutShape.Count, 10);
        (double[] expected, double[] magnitude) = ConvolutionTwin.BackwardFilter(g, x, gy);
        Compare($"backward filter {g}", g.FilterShape, expected, magnitude, (device, gw) => device.Convolution.BackwardFilter(
            g, Tensor.From(device, g.InShape, x), Tensor.From(device, g.OutShape, gy), gw));
    }

    [Fact]
    public void A_transposed_convolution_with_a_given_size_fills_pixels_that_nothing_reaches_with_the_bias()
    {
        var g = ConvolutionGeometry.CreateTransposed(new Shape(1, 3, 2, 5), new Shape(1, 1, 4, 5), (2, 2), Padding.None, (1, 1), 1, (6, 4));
        float[] x = Noise.Of(g.OutShape.Count, 11), w = Noise.Of(g.FilterShape.Count, 12), b = Noise.Of(4, 13);
        (double[] value, double[] magnitude) = ConvolutionTwin.BackwardInput(g, x, w);
        (double[] expected, double[] size) = Finish(value, magnitude, 4, b, null, false);
        Compare("transposed 1×1 stride 2", g.InShape, expected, size, (device, y) => device.Convolution.BackwardInput(
            g, Tensor.From(device, g.OutShape, x), Tensor.From(device, g.FilterShape, w), y, Ends(device, b, null, g.InShape, false)));
        Assert.Equal(b[3], expected[(((0 * 4) + 1) * 4) + 3], 1e-7);
    }

    [Theory]
    [InlineData(1, 2, false, false)]
    [InlineData(1, 3, true, false)]
    [InlineData(1, 2, false, true)]
    [InlineData(2, 3, false, false)]
    public void An_input_gradient_is_added_in_place_as_elsewhere(int kernel, int stride, bool biased, bool relu)
    {
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(2, 7, 11, 17), new Shape(kernel, kernel, 17, 19), (stride, stride), Padding.None, (1, 1), 1);
            Tensor gy = Noise.On(device, g.OutShape, 1), w = Noise.On(device, g.FilterShape, 2), sum = Noise.On(device, g.InShape, 3), inPlace = Noise.On(device, g.InShape, 3), elsewhere = Noise.Unwritten(device, g.InShape);
            Tensor? bias = biased ? Noise.On(device, new Shape(17), 4) : null;
            device.Convolution.BackwardInput(g, gy, w, elsewhere, new Epilogue(bias, sum, relu));
            device.Convolution.BackwardInput(g, gy, w, inPlace, new Epilogue(bias, inPlace, relu));
            Assert.Equal(elsewhere.ToArray(), inPlace.ToArray());
        }
    }

    [Fact]
    public void NaN_in_the_input_reaches_the_output_through_relu()
    {
        var device = Devices[1];
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 3, 3, 16), new Shape(1, 1, 16, 64), (1, 1), Padding.None, (1, 1), 1);
        Tensor x = Tensor.Filled(device, g.InShape, float.NaN), y = new(device, g.OutShape);
        device.Convolution.Forward(g, x, Noise.On(device, g.FilterShape, 1), y, new Epilogue(Relu: true));
        Assert.All(y.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData("the filter expects 4 input channels but x has 3", 3, 4, 3, 1, 1)]
    [InlineData("the filter fits into the padded input", 3, 3, 8, 1, 1)]
    [InlineData("stride, dilation and groups are at least 1", 3, 3, 3, 0, 1)]
    [InlineData("the filter's last axis divides into the groups", 6, 2, 3, 1, 3)]
    public void A_geometry_that_does_not_fit_is_refused(string rule, int channels, int filterChannels, int kernel, int stride, int groups)
    {
        var e = Assert.Throws<ShapeException>(() => ConvolutionGeometry.Create(
            new Shape(1, 5, 6, channels), new Shape(kernel, kernel, filterChannels, 7), (stride, stride), Padding.None, (1, 1), groups));
        Assert.Contains(rule, e.Message, StringComparison.Ordinal);
    }

    private static ConvolutionGeometry Geometry(int[] s) => ConvolutionGeometry.Create(
        new Shape(s[0], s[1], s[2], s[3]), new Shape(s[5], s[6], s[3] / s[15], s[4]), (s[7], s[8]), new Padding(s[9], s[10], s[11], s[12]), (s[13], s[14]), s[15]);

    private static Epilogue Ends(Device device, float[]? bias, float[]? addend, Shape shape, bool relu) => new(
        bias is null ? null : Tensor.From(device, new Shape(bias.Length), bias), addend is null ? null : Tensor.From(device, shape, addend), relu);

    private static (double[] Value, double[] Magnitude) Finish(double[] value, double[] magnitude, int channels, float[]? bias, float[]? addend, bool relu)
    {
        double[] result = new double[value.Length], size = new double[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            double b = bias is null ? 0 : bias[i % channels], a = addend is null ? 0 : addend[i];
            result[i] = relu ? Math.Max(value[i] + b + a, 0) : value[i] + b + a;
            size[i] = magnitude[i] + Math.Abs(b) + Math.Abs(a);
        }
        return (result, size);
    }

    private static void Compare(string what, Shape shape, double[] expected, double[] magnitude, Action<CpuDevice, Tensor> run)
    {
        float[]? first = null;
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            Tensor result = Noise.Unwritten(device, shape);
            run(device, result);
            float[] got = result.ToArray();
            TwinAssert.Close($"{what} on {device.Name}", got, expected, magnitude, Rounding);
            Noise.AssertNothingBehind(result);
            Assert.True(first is null || first.AsSpan().SequenceEqual(got), $"{what}: {device.Threads} threads give other bits than 1");
            first ??= got;
        }
    }
}
