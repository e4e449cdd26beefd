using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Operators;

public sealed class ConvolutionGradientTests
{
    [Theory]
    [InlineData(2, 7, 5, 3, 19, 3, 3, 1, 1, 1, 1, 1, 1, true)]
    [InlineData(1, 9, 6, 18, 5, 3, 2, 2, 1, 1, 0, 2, 1, true)]
    [InlineData(3, 5, 11, 4, 7, 1, 1, 3, 2, 0, 0, 1, 1, false)]
    [InlineData(1, 8, 13, 2, 70, 5, 7, 2, 3, 2, 3, 1, 1, true)]
    [InlineData(2, 6, 7, 6, 9, 3, 3, 1, 2, 2, 1, 1, 3, true)]
    [InlineData(1, 7, 9, 5, 10, 2, 3, 1, 1, 1, 2, 2, 5, false)]
    [InlineData(1, 3, 1, 1, 1, 3, 1, 1, 1, 0, 0, 1, 1, true)]
    public void Convolution(int n, int h, int w, int c, int o, int r, int s, int strideY, int strideX, int top, int left, int dilation, int groups, bool bias)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c), filter = GradientCheck.Normal(2, r, s, c / groups, o), b = GradientCheck.Normal(3, o);
        GradientCheck.Run(4,
            v => F.Convolution2D(v[0], v[1], bias ? v[2] : null, (strideY, strideX), new Padding(top, left, top + 1, left), (dilation, 1), groups),
            v => Twins.Convolution(v[0], v[1], bias ? v[2] : null, (strideY, strideX), (top, left, top + 1, left), (dilation, 1), groups),
            bias ? [x, filter, b] : [x, filter]);
    }

    [Theory]
    [InlineData(2, 4, 5, 3, 19, 3, 3, 2, 2, 1, 1, 1, 1, null, true)]
    [InlineData(1, 5, 3, 17, 4, 1, 1, 2, 2, 0, 0, 1, 1, 10, true)]
    [InlineData(3, 2, 7, 4, 6, 4, 2, 3, 1, 1, 0, 2, 2, null, false)]
    [InlineData(1, 6, 4, 5, 5, 2, 3, 3, 4, 0, 1, 1, 5, 17, true)]
    public void Deconvolution(int n, int h, int w, int c, int o, int r, int s, int strideY, int strideX, int top, int left, int dilation, int groups, int? height, bool bias)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c), filter = GradientCheck.Normal(2, r, s, o / groups, c), b = GradientCheck.Normal(3, o);
        int width = (strideX * (w - 1)) + s - (2 * left);
        (int, int) size = (height ?? ((strideY * (h - 1)) + ((r - 1) * dilation) + 1 - (2 * top)), width);
        GradientCheck.Run(4,
            v => F.Deconvolution2D(v[0], v[1], bias ? v[2] : null, (strideY, strideX), new Padding(top, left, top, left), (dilation, 1), groups, height is null ? null : size),
            v => Twins.Deconvolution(v[0], v[1], bias ? v[2] : null, (strideY, strideX), (top, left), (dilation, 1), groups, size),
            bias ? [x, filter, b] : [x, filter]);
    }

    [Theory]
    [InlineData(5, 3, 2, 7, 3)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(7, 1, 3, 1, 67)]
    [InlineData(2, 5, 3, 17, 33)]
    public void Linear_flattens_trailing_axes(int n, int h, int w, int c, int o)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c), weights = GradientCheck.Normal(2, h * w * c, o), b = GradientCheck.Normal(3, o);
        GradientCheck.Run(4, v => F.Linear(v[0], v[1], v[2]), v => Twins.Linear(v[0], v[1], v[2]), x, weights, b);
        GradientCheck.Run(5, v => F.Linear(v[0], v[1]), v => Twins.Linear(v[0], v[1], null), x, weights);
    }
}
