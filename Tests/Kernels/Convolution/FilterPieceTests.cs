using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Kernels;

/// <summary>What a convolution asks for of the next one's filter: it lies inside that filter, starts where the first thread starts, and changes no bit.</summary>
public sealed unsafe class FilterPieceTests
{
    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];

    /// <summary>batch, height, width, in, out, kernel, groups.</summary>
    public static TheoryData<int[]> Cases => new()
    {
        new[] { 1, 29, 31, 37, 53, 1, 1 },
        new[] { 1, 7, 7, 1100, 161, 1, 1 },
        new[] { 2, 7, 5, 128, 144, 3, 1 },
        new[] { 1, 14, 13, 160, 208, 3, 1 },
        new[] { 1, 43, 39, 3, 65, 7, 1 },
        new[] { 1, 15, 16, 22, 34, 3, 2 },
        new[] { 1, 1, 1, 1, 1, 1, 1 },
        new[] { 1, 57, 61, 64, 64, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_lies_inside_the_filter(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes);
        foreach (CpuDevice device in Devices)
        {
            foreach ((KernelVariant variant, PreparedConvolution prepared) in Prepare(device, g))
            {
                float* start = prepared.First(0).At;
                Assert.True(start != null, $"{variant} {g}");
                for (int thread = 0; thread < 9; thread++)
                {
                    FilterPiece piece = prepared.First(thread);
                    bool inside = piece.At >= start && piece.Floats > 0 && piece.At + piece.Floats <= start + (prepared.Bytes / sizeof(float));
                    Assert.True(inside || piece is { Floats: 0 } && piece.At == null, $"{variant} {g}, {device.Threads} threads: {thread} reads {piece.Floats} from {piece.At - start}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_follows_changes_no_bit(int[] sizes)
    {
        ConvolutionGeometry g = Geometry(sizes), other = Geometry([1, 9, 8, 19, 35, 1, 1]);
        foreach (CpuDevice device in Devices)
        {
            using var scope = new Scope();
            PreparedConvolution behind = Prepare(device, other)[0].Prepared;
            Tensor x = Noise.On(device, g.InShape, 1);
            foreach ((KernelVariant variant, PreparedConvolution prepared) in Prepare(device, g))
            {
                Tensor alone = Noise.Unwritten(device, g.OutShape), followed = Noise.Unwritten(device, g.OutShape);
                prepared.Run(x, alone, 0, null);
                prepared.Following = behind;
                prepared.Run(x, followed, 0, null);
                Assert.True(alone.ToArray().AsSpan().SequenceEqual(followed.ToArray()), $"{variant} {g}");
                Noise.AssertNothingBehind(followed);
            }
        }
    }

    [Fact]
    public void Half_size_weights_and_transposed_phases_have_pieces_only_where_they_are_packed()
    {
        CpuDevice device = Devices[1];
        using var scope = new Scope();
        ConvolutionGeometry g = Geometry([1, 9, 7, 33, 70, 1, 1]);
        Tensor w = Noise.On(device, g.FilterShape, 2);
        Assert.Equal(0, device.Convolution.Prepare(g, w, null, false, false, g.OutChannels, WeightFormat.Half).First(0).Floats);
        PreparedConvolution transposed = device.Convolution.Prepare(g, w, null, false, true, g.InChannels);
        Assert.True(transposed.First(0).At != null && transposed.First(0).Floats * sizeof(float) <= transposed.Bytes);
    }

    private static List<(KernelVariant Variant, PreparedConvolution Prepared)> Prepare(CpuDevice device, ConvolutionGeometry g)
    {
        var all = new List<(KernelVariant, PreparedConvolution)>();
        using var scope = new Scope();
        Tensor w = Noise.On(device, g.FilterShape, 2);
        foreach (KernelVariant variant in new[]
        {
            KernelVariant.Direct, KernelVariant.DirectRows, KernelVariant.DirectPixels, KernelVariant.DirectPanels, KernelVariant.WinogradBlocks, KernelVariant.WinogradPhases, KernelVariant.WinogradSmallTiles,
        })
        {
            using var only = new OnlyVariant(device, variant);
            if (device.Choices.For(g) == variant)
                all.Add((variant, device.Convolution.Prepare(g, w, null, true, false, g.OutChannels)));
        }
        return all;
    }

    private static ConvolutionGeometry Geometry(int[] s) =>
        ConvolutionGeometry.Create(new Shape(s[0], s[1], s[2], s[3]), new Shape(s[5], s[5], s[3] / s[6], s[4]), (1, 1), Padding.All(s[5] / 2), (1, 1), s[6]);
}
