using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>F(4×4, 3×3), F(2×2, 3×3) and both gradients of the former against the double twin: images that are no multiple of a tile, every place a tile may hang over, with and without addend, the same bits in phases over whole images, in blocks in L2, and on 1 to 3 threads.</summary>
public sealed unsafe class WinogradConvolutionTests
{
    // The cases measure 1e-6 to 1.5e-6 of the largest value; direct convolution 4e-7.
    private const double Tolerance = 3e-6;

    // Tiles of 2×2 measure less than 5e-7.
    private const double SmallTolerance = 1e-6;

    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];

    /// <summary>batch, height, width, in, out, pad top, left, bottom, right.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int> Cases => new()
    {
        { 1, 1, 1, 16, 16, 1, 1, 1, 1 },
        { 2, 7, 5, 16, 48, 1, 1, 1, 1 },
        { 1, 9, 14, 64, 80, 1, 1, 1, 1 },
        { 1, 3, 3, 32, 16, 0, 0, 0, 0 },
        { 1, 13, 11, 16, 144, 0, 2, 1, 0 },
        { 3, 8, 4, 48, 64, 2, 2, 2, 2 },
        { 1, 57, 61, 64, 64, 1, 1, 1, 1 },
        { 0, 7, 5, 16, 16, 1, 1, 1, 1 },
        { 5, 17, 6, 32, 80, 1, 1, 1, 1 },
        { 4, 7, 7, 112, 48, 1, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Winograd_equals_the_twin(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = Geometry(n, h, w, i, o, top, left, bottom, right);
        float[] x = Noise.Of(g.InShape.Count, 1), filter = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(o, 3), add = Noise.Of(g.OutShape.Count, 4);
        (double[] value, _) = ConvolutionTwin.Forward(g, x, filter);
        foreach (bool full in new[] { false, true })
        {
            double[] expected = [.. value.Select((v, at) => full ? Math.Max(v + b[at % o] + add[at], 0) : v)];
            float[]? blocks = null;
            foreach (KernelVariant variant in new[] { KernelVariant.WinogradBlocks, KernelVariant.WinogradPhases, KernelVariant.WinogradSmallTiles })
            {
                bool small = variant == KernelVariant.WinogradSmallTiles;
                float[] got = Compare(g, g.OutShape, expected, small ? SmallTolerance : Tolerance, (device, y) =>
                {
                    using var winograd = new WinogradConvolution(device, g, Tensor.From(device, g.FilterShape, filter).Pointer, variant: variant);
                    Assert.Equal((small ? 16L : 36) * i * o * sizeof(float), winograd.Bytes);
                    winograd.Run(
                        Tensor.From(device, g.InShape, x).Pointer, i, y.Pointer, o, full ? Tensor.From(device, new Shape(o), b).Pointer : null,
                        full ? Tensor.From(device, g.OutShape, add).Pointer : null, o, full ? 0 : float.NegativeInfinity);
                });
                if (!small)
                    Assert.Equal(blocks ??= got, got);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_mirrored_filter_gives_the_input_gradient(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = Geometry(n, h, w, i, o, top, left, bottom, right);
        float[] gy = Noise.Of(g.OutShape.Count, 5), filter = Noise.Of(g.FilterShape.Count, 6);
        (double[] expected, _) = ConvolutionTwin.BackwardInput(g, gy, filter);
        Compare(g, g.InShape, expected, Tolerance, (device, gx) =>
        {
            using var winograd = new WinogradConvolution(device, WinogradConvolution.Mirror(g), Tensor.From(device, g.FilterShape, filter).Pointer, mirrored: true);
            winograd.Run(Tensor.From(device, g.OutShape, gy).Pointer, o, gx.Pointer, i, null, null, 0, float.NegativeInfinity);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Few_tiles_give_both_as_well(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = Geometry(n, h, w, i, o, top, left, bottom, right);
        float[] x = Noise.Of(g.InShape.Count, 1), filter = Noise.Of(g.FilterShape.Count, 2), gy = Noise.Of(g.OutShape.Count, 5), b = Noise.Of(o, 3), add = Noise.Of(g.OutShape.Count, 4);
        (double[] forward, _) = ConvolutionTwin.Forward(g, x, filter);
        (double[] backward, _) = ConvolutionTwin.BackwardInput(g, gy, filter);
        double[] finished = [.. forward.Select((v, at) => Math.Max(v + b[at % o] + add[at], 0))], added = [.. backward.Select((v, at) => v + x[at])];
        Compare(g, g.OutShape, forward, Tolerance, (device, y) =>
            new WinogradFewTiles(device, g).Run(Tensor.From(device, g.InShape, x).Pointer, Tensor.From(device, g.FilterShape, filter).Pointer, y.Pointer, Epilogue.None));
        Compare(g, g.OutShape, finished, Tolerance, (device, y) => new WinogradFewTiles(device, g).Run(
            Tensor.From(device, g.InShape, x).Pointer, Tensor.From(device, g.FilterShape, filter).Pointer, y.Pointer, new Epilogue(Tensor.From(device, new Shape(o), b), Tensor.From(device, g.OutShape, add), Relu: true)));
        Compare(g, g.InShape, added, Tolerance, (device, gx) => new WinogradFewTiles(device, WinogradConvolution.Mirror(g), mirrored: true).Run(
            Tensor.From(device, g.OutShape, gy).Pointer, Tensor.From(device, g.FilterShape, filter).Pointer, gx.Pointer, new Epilogue(Addend: Tensor.From(device, g.InShape, x))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Winograd_gives_the_filter_gradient(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = Geometry(n, h, w, i, o, top, left, bottom, right);
        float[] x = Noise.Of(g.InShape.Count, 7), gy = Noise.Of(g.OutShape.Count, 8);
        (double[] expected, _) = ConvolutionTwin.BackwardFilter(g, x, gy);
        Compare(g, g.FilterShape, expected, Tolerance, (device, gw) =>
            new WinogradFilterGradient(device, g).Run(Tensor.From(device, g.InShape, x).Pointer, Tensor.From(device, g.OutShape, gy).Pointer, gw.Pointer));
    }

    [Fact]
    public void Passes_with_enough_tiles_take_it_and_others_do_not()
    {
        CpuDevice device = Devices[1];
        foreach ((int side, bool taken) in new[] { (31, true), (30, false) })
        {
            using var scope = new Scope();
            ConvolutionGeometry g = Geometry(1, side, side - 2, 32, 48, 1, 1, 1, 1);
            Tensor x = Noise.On(device, g.InShape, 1), w = Noise.On(device, g.FilterShape, 2), gy = Noise.On(device, g.OutShape, 3), bias = Noise.On(device, new Shape(48), 4);
            Tensor y = new(device, g.OutShape), gx = new(device, g.InShape), gw = new(device, g.FilterShape), y2 = new(device, g.OutShape), gx2 = new(device, g.InShape), gw2 = new(device, g.FilterShape);
            var epilogue = new Epilogue(bias, gy, Relu: true);
            device.Convolution.Forward(g, x, w, y, epilogue);
            device.Convolution.BackwardInput(g, gy, w, gx, new Epilogue(Addend: x));
            device.Convolution.BackwardFilter(g, x, gy, gw);
            using var forward = new WinogradConvolution(device, g, w.Pointer);
            using var backward = new WinogradConvolution(device, WinogradConvolution.Mirror(g), w.Pointer, mirrored: true);
            forward.Run(x.Pointer, y2.Pointer, epilogue);
            backward.Run(gy.Pointer, gx2.Pointer, new Epilogue(Addend: x));
            new WinogradFilterGradient(device, g).Run(x.Pointer, gy.Pointer, gw2.Pointer);
            Assert.Equal(taken, y.ToArray().AsSpan().SequenceEqual(y2.ToArray()));
            Assert.Equal(taken, gx.ToArray().AsSpan().SequenceEqual(gx2.ToArray()));
            Assert.Equal(taken, gw.ToArray().AsSpan().SequenceEqual(gw2.ToArray()));
        }
    }

    [Theory]
    [InlineData(15, 128, 128, false)]
    [InlineData(16, 128, 128, true)]
    [InlineData(17, 144, 112, false)]
    [InlineData(63, 144, 128, true)]
    public void Large_filters_with_few_tiles_are_transformed_piece_by_piece(int tiles, int i, int o, bool taken)
    {
        CpuDevice device = Devices[1];
        using var scope = new Scope();
        ConvolutionGeometry g = Geometry(tiles, 3, 4, i, o, 1, 1, 1, 1);
        Tensor x = Noise.On(device, g.InShape, 1), w = Noise.On(device, g.FilterShape, 2), gy = Noise.On(device, g.OutShape, 3), bias = Noise.On(device, new Shape(o), 4);
        Tensor y = new(device, g.OutShape), gx = new(device, g.InShape), gw = new(device, g.FilterShape), y2 = new(device, g.OutShape), gx2 = new(device, g.InShape), gw2 = new(device, g.FilterShape);
        var epilogue = new Epilogue(bias, gy, Relu: true);
        device.Convolution.Forward(g, x, w, y, epilogue);
        device.Convolution.BackwardInput(g, gy, w, gx, new Epilogue(Addend: x));
        device.Convolution.BackwardFilter(g, x, gy, gw);
        new WinogradFewTiles(device, g).Run(x.Pointer, w.Pointer, y2.Pointer, epilogue);
        new WinogradFewTiles(device, WinogradConvolution.Mirror(g), mirrored: true).Run(gy.Pointer, w.Pointer, gx2.Pointer, new Epilogue(Addend: x));
        new WinogradFilterGradient(device, g).Run(x.Pointer, gy.Pointer, gw2.Pointer);
        Assert.Equal(taken, y.ToArray().AsSpan().SequenceEqual(y2.ToArray()));
        Assert.Equal(taken, gx.ToArray().AsSpan().SequenceEqual(gx2.ToArray()));
        Assert.Equal(taken, gw.ToArray().AsSpan().SequenceEqual(gw2.ToArray()));
    }

    [Fact]
    public void Phases_over_several_bands_of_tiles_give_what_each_image_alone_gives()
    {
        const int images = 47, inChannels = 400, outChannels = 432, tiles = 4 * 3;
        CpuDevice device = Devices[1];
        using var scope = new Scope();
        ConvolutionGeometry all = Geometry(images, 13, 11, inChannels, outChannels, 1, 1, 1, 1), one = Geometry(1, 13, 11, inChannels, outChannels, 1, 1, 1, 1);
        Tensor x = Noise.On(device, all.InShape, 1), w = Noise.On(device, all.FilterShape, 2), y = new(device, all.OutShape), single = new(device, one.OutShape);
        using var winograd = new WinogradConvolution(device, all, w.Pointer);
        using var alone = new WinogradConvolution(device, one, w.Pointer);
        Assert.True(winograd.WorkspaceBytes < 36L * images * tiles * (inChannels + outChannels) * sizeof(float), "the case has several bands");
        winograd.Run(x.Pointer, y.Pointer, Epilogue.None);
        for (int i = 0; i < images; i++)
        {
            alone.Run(x.Pointer + (i * one.InShape.Count), single.Pointer, Epilogue.None);
            Assert.Equal(single.ToArray(), y.Span.Slice((int)(i * one.OutShape.Count), (int)one.OutShape.Count).ToArray());
        }
    }

    private static ConvolutionGeometry Geometry(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(n, h, w, i), new Shape(3, 3, i, o), (1, 1), new Padding(top, left, bottom, right), (1, 1), 1);
        Assert.True(WinogradConvolution.Fits(g));
        return g;
    }

    private static float[] Compare(ConvolutionGeometry g, Shape shape, double[] expected, double tolerance, Action<CpuDevice, Tensor> run)
    {
        double largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        float[]? first = null;
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            Tensor result = Noise.Unwritten(device, shape);
            run(device, result);
            float[] got = result.ToArray();
            for (int at = 0; at < got.Length; at++)
                Assert.True(Math.Abs(got[at] - expected[at]) <= tolerance * largest, $"{g} [{at}] expected {expected[at]:g9}, got {got[at]:g9}, largest {largest:g4}");
            Noise.AssertNothingBehind(result);
            Assert.True(first is null || first.AsSpan().SequenceEqual(got), $"{device.Threads} threads give other bits than 1");
            first ??= got;
        }
        return first!;
    }
}
