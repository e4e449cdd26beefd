using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Operators;

public sealed class WindowGradientTests
{
    [Theory]
    [InlineData(2, 7, 5, 3, 3, 3, 2, 2, 0, 0, true)]
    [InlineData(1, 9, 4, 17, 2, 2, 2, 2, 0, 0, false)]
    [InlineData(3, 5, 6, 33, 3, 2, 1, 3, 1, 1, true)]
    [InlineData(1, 3, 11, 1, 5, 4, 3, 2, 2, 3, false)]
    [InlineData(1, 5, 2, 2, 1, 1, 3, 2, 0, 0, true)]
    public void Max_pooling(int n, int h, int w, int c, int r, int s, int strideY, int strideX, int top, int left, bool coverAll)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c);
        (int, int) extent = (Out(h, r, strideY, top, coverAll), Out(w, s, strideX, left, coverAll));
        Real twin = Twins.MaxPooling(x, (r, s), (strideY, strideX), (top, left), extent);
        if (twin.Values.Any(double.IsInfinity))
        {
            // A window without a pixel has no slope; its value is checked alone.
            Variable y = F.MaxPooling2D(Tensor.From(CpuDevice.Default, new Shape(x.Shape), [.. x.Values.Select(value => (float)value)]), (r, s), (strideY, strideX), Padding.None, coverAll);
            Assert.Equal(twin.Values.Select(value => (float)value), y.Value.ToArray());
            return;
        }
        GradientCheck.Run(2,
            v => F.MaxPooling2D(v[0], (r, s), (strideY, strideX), new Padding(top, left, top, left), coverAll),
            v => Twins.MaxPooling(v[0], (r, s), (strideY, strideX), (top, left), extent), x);
    }

    [Fact]
    public void Max_pooling_gives_the_first_of_equal_values_the_gradient_and_lets_nan_win()
    {
        CpuDevice device = CpuDevice.Default;
        using var tape = new Tape();
        var x = new Variable(Tensor.From(device, new Shape(1, 2, 3, 1), [1, 1, float.NegativeInfinity, 1, 0, float.NegativeInfinity]), true);
        Variable y = F.MaxPooling2D(x, (2, 2), (1, 1), coverAll: false);
        Assert.Equal([1, 1], y.Value.ToArray());
        tape.Backward(y, Tensor.From(device, y.Shape, [3, 5]));
        Assert.Equal([3, 5, 0, 0, 0, 0], x.Gradient!.ToArray());
        Tensor lowest = Tensor.Filled(device, new Shape(1, 2, 2, 17), float.NegativeInfinity);
        Variable z = new(lowest, true), low = F.MaxPooling2D(z, (2, 2));
        tape.Backward(low, Tensor.Filled(device, low.Shape, 1));
        Assert.Equal(Enumerable.Repeat(1f, 17).Concat(Enumerable.Repeat(0f, 51)), z.Gradient!.ToArray());
        foreach (int place in (ReadOnlySpan<int>)[0, 1, 2, 3])
        {
            float[] values = [1, 2, 3, 4];
            values[place] = float.NaN;
            Tensor with = Tensor.From(device, new Shape(1, 2, 2, 1), values);
            Assert.Equal([float.NaN], F.MaxPooling2D(with, (2, 2)).Value.ToArray());
            Assert.Equal([float.NaN], F.MaxPooling2D(new Variable(with, true), (2, 2)).Value.ToArray());
        }
    }

    [Theory]
    [InlineData(2, 7, 5, 3, 3, 2, 2, 1, 1, 0, true)]
    [InlineData(1, 6, 9, 17, 2, 3, 2, 3, 1, 2, false)]
    [InlineData(3, 4, 7, 33, 4, 5, 1, 2, 3, 4, false)]
    public void Average_pooling(int n, int h, int w, int c, int r, int s, int strideY, int strideX, int top, int left, bool countPadding) =>
        GradientCheck.Run(2,
            v => F.AveragePooling2D(v[0], (r, s), (strideY, strideX), new Padding(top, left, top, left), countPadding),
            v => Twins.AveragePooling(v[0], (r, s), (strideY, strideX), (top, left), (Out(h, r, strideY, top, false), Out(w, s, strideX, left, false)), countPadding),
            GradientCheck.Normal(1, n, h, w, c));

    [Theory]
    [InlineData(3, 5, 2, 7)]
    [InlineData(1, 7, 11, 193)]
    [InlineData(70, 1, 3, 2)]
    public void Global_average_pooling(int n, int h, int w, int c) => GradientCheck.Run(2, v => F.GlobalAveragePooling2D(v[0]), v => Twins.Sum(v[0], true, 1, 2), GradientCheck.Normal(1, n, h, w, c));

    [Theory]
    [InlineData(2, 3, 5, 3, 2, 2, 2, 2, 0, true)]
    [InlineData(1, 4, 2, 17, 3, 2, 2, 1, 1, false)]
    [InlineData(1, 2, 3, 5, 2, 3, 3, 4, 0, false)]
    public void Unpooling(int n, int h, int w, int c, int r, int s, int strideY, int strideX, int pad, bool coverAll)
    {
        (int, int) extent = ((strideY * (h - 1)) + r - (2 * pad) - (coverAll ? strideY - 1 : 0), (strideX * (w - 1)) + s - (2 * pad) - (coverAll ? strideX - 1 : 0));
        GradientCheck.Run(2,
            v => F.Unpooling2D(v[0], (r, s), (strideY, strideX), Padding.All(pad), coverAll),
            v => Twins.Unpooling(v[0], (r, s), (strideY, strideX), (pad, pad), extent), GradientCheck.Normal(1, n, h, w, c));
    }

    [Theory]
    [InlineData(2, 3, 5, 3, 2, 3)]
    [InlineData(1, 7, 2, 17, 1, 4)]
    public void Upsample_nearest(int n, int h, int w, int c, int y, int x) =>
        GradientCheck.Run(2, v => F.UpsampleNearest2D(v[0], (y, x)), v => Twins.UpsampleNearest(v[0], (y, x)), GradientCheck.Normal(1, n, h, w, c));

    [Theory]
    [InlineData(2, 3, 5, 3, 7, 11, false)]
    [InlineData(1, 9, 7, 17, 4, 3, false)]
    [InlineData(3, 4, 1, 33, 1, 6, true)]
    [InlineData(1, 5, 6, 2, 9, 4, true)]
    [InlineData(1, 5, 13, 2, 5, 13, false)]
    public void Resize_bilinear(int n, int h, int w, int c, int height, int width, bool alignCorners) =>
        GradientCheck.Run(2, v => F.ResizeBilinear2D(v[0], (height, width), alignCorners), v => Twins.ResizeBilinear(v[0], (height, width), alignCorners), GradientCheck.Normal(1, n, h, w, c));

    [Fact]
    public void Slices_crops_and_pads()
    {
        Real x = GradientCheck.Normal(1, 3, 5, 7, 4);
        GradientCheck.Run(2, v => F.Slice(v[0], [1, 0, 2, 1], [2, 5, 3, 2]), v => Twins.Box(v[0], [1, 0, 2, 1], [0, 0, 0, 0], [2, 5, 3, 2], [2, 5, 3, 2], 0), x);
        GradientCheck.Run(3, v => F.Crop(v[0], 2, 1, 3, 5), v => Twins.Box(v[0], [0, 2, 1, 0], [0, 0, 0, 0], [3, 3, 5, 4], [3, 3, 5, 4], 0), x);
        GradientCheck.Run(4, v => F.Pad2D(v[0], new Padding(1, 0, 2, 3), -1.5f), v => Twins.Box(v[0], [0, 0, 0, 0], [0, 1, 0, 0], [3, 5, 7, 4], [3, 8, 10, 4], -1.5), x);
        GradientCheck.Run(5, v => F.Slice(v[0], [0], [3]), v => Twins.Box(v[0], [0], [0], [3], [3], 0), GradientCheck.Normal(6, 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)]
    public void Concat(int axis)
    {
        int[] Shaped(int extent)
        {
            int[] shape = [2, 3, 5, 7];
            shape[axis < 0 ? 3 : axis] = extent;
            return shape;
        }

        GradientCheck.Run(2, v => F.Concat(axis, v), v => Twins.Concat(axis < 0 ? 3 : axis, v), GradientCheck.Normal(1, Shaped(1)), GradientCheck.Normal(3, Shaped(4)), GradientCheck.Normal(4, Shaped(3)));
    }

    [Fact]
    public void Reshape_flatten_and_transpose()
    {
        Real x = GradientCheck.Normal(1, 2, 3, 5, 4);
        GradientCheck.Run(2, v => F.Reshape(v[0], new Shape(10, 12)), v => v[0] with { Shape = [10, 12] }, x);
        GradientCheck.Run(3, v => F.Flatten(v[0]), v => v[0] with { Shape = [2, 60] }, x);
        GradientCheck.Run(4, v => F.Transpose(v[0], 0, 3, 1, 2), v => Twins.Transpose(v[0], 0, 3, 1, 2), x);
        GradientCheck.Run(5, v => F.Transpose(v[0], 2, 0, 1, 3), v => Twins.Transpose(v[0], 2, 0, 1, 3), x);
        GradientCheck.Run(6, v => F.Transpose(v[0], 1, 0), v => Twins.Transpose(v[0], 1, 0), GradientCheck.Normal(7, 5, 33));
    }

    private static int Out(int size, int kernel, int stride, int pad, bool coverAll) => ((size + (2 * pad) - kernel + (coverAll ? stride - 1 : 0)) / stride) + 1;
}
