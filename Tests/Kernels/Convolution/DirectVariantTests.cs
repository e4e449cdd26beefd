using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>
/// The ways of the direct prepared convolution: all give the rule's bits on 1, 2 and 3 threads, whole filter rows those of single taps where sums are not cut, else the twin's values to rounding; and each runs where it can only.
/// </summary>
public sealed class DirectVariantTests
{
    // As in CpuConvolutionTests: rounding of a sum in float32, in units of Σ|terms|.
    private const double Rounding = 4e-7;

    // Sums of more terms are cut into pieces, in whole taps or in whole rows of the filter.
    private const int Uncut = 1024;

    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];
    private static readonly KernelVariant[] Variants = [KernelVariant.DirectTaps, KernelVariant.DirectRows, KernelVariant.DirectPixels, KernelVariant.DirectPanels];

    /// <summary>batch, height, width, in, out, kernel (h, w), stride (y, x), pad (top, left, bottom, right), dilation (y, x), groups.</summary>
    public static TheoryData<int[]> Cases => new()
    {
        new[] { 1, 29, 31, 37, 53, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 3, 7, 7, 211, 167, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 7, 7, 1100, 161, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 2, 27, 26, 40, 66, 1, 1, 2, 3, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 43, 39, 3, 65, 7, 7, 2, 2, 3, 3, 3, 3, 1, 1, 1 },
        new[] { 2, 31, 37, 3, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 13, 11, 16, 33, 5, 5, 1, 1, 2, 2, 2, 2, 1, 1, 1 },
        new[] { 2, 9, 8, 48, 127, 5, 5, 1, 1, 2, 2, 2, 2, 1, 1, 1 },
        new[] { 1, 23, 17, 20, 47, 3, 2, 2, 1, 0, 1, 2, 0, 3, 1, 1 },
        new[] { 1, 19, 18, 16, 48, 3, 3, 1, 1, 2, 2, 2, 2, 2, 2, 1 },
        new[] { 1, 15, 16, 22, 34, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2 },
        new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1 },
        new[] { 1, 5, 1, 17, 15, 2, 3, 1, 1, 1, 1, 0, 1, 1, 1, 1 },
        new[] { 0, 5, 6, 17, 15, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_variant_gives_the_bits_of_the_rules(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        float[] x = Noise.Of(g.InShape.Count, 1), w = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(g.OutChannels, 3), add = Noise.Of(g.OutShape.Count, 4);
        float[] rule = Run(Devices[0], g, KernelVariant.Direct, x, w, b, add);
        (double[] value, double[] magnitude) = ConvolutionTwin.Forward(g, x, w);
        for (int i = 0; i < value.Length; i++)
        {
            value[i] = Math.Max(value[i] + b[i % b.Length] + add[i], 0);
            magnitude[i] += Math.Abs(b[i % b.Length]) + Math.Abs(add[i]);
        }
        foreach (KernelVariant variant in Variants)
        {
            bool cut = variant is KernelVariant.DirectTaps or KernelVariant.DirectRows && g.KernelHeight * g.KernelWidth * g.InChannels / g.Groups > Uncut;
            float[]? first = null;
            foreach (CpuDevice device in Devices)
            {
                float[] got = Run(device, g, variant, x, w, b, add);
                TwinAssert.Close($"{variant} {g} on {device.Name}", got, value, magnitude, Rounding);
                first ??= cut ? got : rule;
                Assert.True(first.AsSpan().SequenceEqual(got), $"{variant} on {device.Threads} threads gives other bits: {g}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_variant_runs_where_it_can_and_the_rule_elsewhere(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        ProductShape shape = GpuProblems.Forward(g, ProductKind.Prepared);
        KernelVariant rule = new KernelChoices(ChoiceTable.Empty, isProcessor: false).For(g);
        foreach (KernelVariant variant in Enum.GetValues<KernelVariant>())
        {
            bool can = variant switch
            {
                KernelVariant.Direct or KernelVariant.DirectTaps or KernelVariant.DirectPixels or KernelVariant.DirectPanels => true,
                KernelVariant.DirectRows => g.Groups == 1 && g.KernelWidth > 1 && g.DilationX == 1,
                KernelVariant.WinogradBlocks or KernelVariant.WinogradPhases or KernelVariant.WinogradSmallTiles => WinogradConvolution.Fits(g),
                _ => false,
            };
            var choices = new KernelChoices(new ChoiceTable("here", new Dictionary<ProductShape, KernelVariant> { [shape] = variant }), isProcessor: false);
            Assert.Equal(can ? variant : rule, choices.For(g));
            Assert.Equal(can ? variant : rule, Assert.Single(choices.Used).Value);
        }
    }

    [Fact]
    public void A_profile_names_the_variant_and_a_transposed_convolution_has_none()
    {
        CpuDevice device = Devices[1];
        using var scope = new Scope();
        ConvolutionGeometry few = Geometry([1, 9, 7, 3, 20, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1]), many = Geometry([1, 9, 7, 19, 20, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        foreach ((KernelVariant variant, string forFew, string forMany) in ((KernelVariant, string, string)[])
        [
            (KernelVariant.Direct, "direct, filter rows", "direct"),
            (KernelVariant.DirectTaps, "direct", "direct"),
            (KernelVariant.DirectRows, "direct, filter rows", "direct, filter rows"),
            (KernelVariant.DirectPixels, "direct, filter rows, pixels first", "direct, pixels first"),
            (KernelVariant.DirectPanels, "direct, filter rows, panels first", "direct, panels first"),
        ])
        {
            device.Choices.Only = variant;
            Assert.Equal(forFew, Prepare(few, false).Algorithm);
            Assert.Equal(forMany, Prepare(many, false).Algorithm);
            Assert.Equal("direct", Prepare(many, true).Algorithm);
            device.Choices.Only = null;
        }

        PreparedConvolution Prepare(ConvolutionGeometry g, bool transposed) => device.Convolution.Prepare(g, Tensor.Zeros(device, g.FilterShape), null, false, transposed, transposed ? g.InChannels : g.OutChannels);
    }

    private static float[] Run(CpuDevice device, ConvolutionGeometry g, KernelVariant variant, float[] x, float[] w, float[] b, float[] add)
    {
        using var scope = new Scope();
        device.Choices.Only = variant;
        PreparedConvolution prepared = device.Convolution.Prepare(g, Tensor.From(device, g.FilterShape, w), Tensor.From(device, new Shape(b.Length), b), true, false, g.OutChannels);
        device.Choices.Only = null;
        Tensor y = Noise.Unwritten(device, g.OutShape);
        prepared.Run(Tensor.From(device, g.InShape, x), y, 0, Tensor.From(device, g.OutShape, add));
        Noise.AssertNothingBehind(y);
        return y.ToArray();
    }

    private static ConvolutionGeometry Geometry(int[] s) => ConvolutionGeometry.Create(
        new Shape(s[0], s[1], s[2], s[3]), new Shape(s[5], s[6], s[3] / s[15], s[4]), (s[7], s[8]), new Padding(s[9], s[10], s[11], s[12]), (s[13], s[14]), s[15]);
}
