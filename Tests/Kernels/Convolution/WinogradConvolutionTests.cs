using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>F(4×4, 3×3) against the double twin: images that are no multiple of a tile, every place a tile may hang over, whole images in phases and blocks in L2, with and without addend, the same bits on 1 to 3 threads.</summary>
public sealed unsafe class WinogradConvolutionTests
{
    // The transforms' constants reach 8; their rounding, relative to the layer's largest value, measures 1e-6 to 1e-5 on real networks.
    private const double Tolerance = 1e-5;

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
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Winograd_equals_the_twin(int n, int h, int w, int i, int o, int top, int left, int bottom, int right)
    {
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(n, h, w, i), new Shape(3, 3, i, o), (1, 1), new Padding(top, left, bottom, right), (1, 1), 1);
        Assert.True(WinogradConvolution.Fits(g));
        float[] x = Noise.Of(g.InShape.Count, 1), filter = Noise.Of(g.FilterShape.Count, 2), b = Noise.Of(o, 3), add = Noise.Of(g.OutShape.Count, 4);
        (double[] value, _) = ConvolutionTwin.Forward(g, x, filter);
        foreach (bool full in new[] { false, true })
        {
            double[] expected = [.. value.Select((v, at) => full ? Math.Max(v + b[at % o] + add[at], 0) : v)];
            double largest = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
            float[]? first = null;
            foreach (CpuDevice device in Devices)
            {
                using var scope = new Scope();
                Tensor y = Noise.Unwritten(device, g.OutShape);
                using var winograd = new WinogradConvolution(device, g, Tensor.From(device, g.FilterShape, filter).Pointer);
                winograd.Run(
                    Tensor.From(device, g.InShape, x).Pointer, i, y.Pointer, o, full ? Tensor.From(device, new Shape(o), b).Pointer : null,
                    full ? Tensor.From(device, g.OutShape, add).Pointer : null, o, full ? 0 : float.NegativeInfinity);
                float[] got = y.ToArray();
                for (int at = 0; at < got.Length; at++)
                    Assert.True(Math.Abs(got[at] - expected[at]) <= Tolerance * largest, $"{g} [{at}] expected {expected[at]:g9}, got {got[at]:g9}, largest {largest:g4}");
                Noise.AssertNothingBehind(y);
                Assert.True(first is null || first.AsSpan().SequenceEqual(got), $"{device.Threads} threads give other bits than 1");
                first ??= got;
            }
        }
    }
}
