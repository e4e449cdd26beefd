using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.KernelFamilies;

public sealed class PoolingExamples
{
    private static readonly float[] Count25 = [.. Enumerable.Range(0, 25).Select(i => (float)i)];

    [Fact]
    public void Max_pooling_with_cover_all_keeps_the_last_odd_row_and_column()
    {
        Tensor x = Tensor.From(CpuDevice.Default, new Shape(1, 5, 5, 1), Count25);
        Variable y = F.MaxPooling2D(x, (2, 2));
        Assert.Equal(new Shape(1, 3, 3, 1), y.Shape);
        Assert.Equal([6, 8, 9, 16, 18, 19, 21, 23, 24], y.Value.ToArray());
    }

    [Fact]
    public void Max_pooling_without_cover_all_drops_it()
    {
        Tensor x = Tensor.From(CpuDevice.Default, new Shape(1, 5, 5, 1), Count25);
        Assert.Equal([6, 8, 16, 18], F.MaxPooling2D(x, (2, 2), coverAll: false).Value.ToArray());
    }
}
