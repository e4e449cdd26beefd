using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Samples in memory.</summary>
public sealed class ArrayDatasetTests
{
    [Fact]
    public void A_tensor_and_its_labels_become_samples()
    {
        var device = new CpuDevice(1);
        using var scope = new Scope();
        var data = new ArrayDataset(Tensor.From(device, new Shape(3, 1, 2, 1), [1, 2, 3, 4, 5, 6]), new Labels(new Shape(3, 1, 2), [0, 1, -1, 0, 1, 1]), ["cat", "dog"]);
        Assert.Equal((3, new Shape(1, 2, 1), new Shape(1, 2), "sample 2"), (data.Count, data.InputShape, data.LabelShape, data.NameOf(2)));
        float[] x = new float[2];
        int[] y = new int[2];
        data.Read(1, 17, x, y);
        Assert.Equal([3, 4], x);
        Assert.Equal([-1, 0], y);
    }

    [Fact]
    public void Numbers_that_do_not_fit_and_labels_out_of_range_are_named()
    {
        Assert.Equal("ArrayDataset: as many inputs [2] as labels []; got 5 and 2 values.",
            Assert.Throws<ShapeException>(() => new ArrayDataset(new float[5], new Shape(2), [0, 0], new Shape(), ["a"])).Message);
        Assert.StartsWith("ArrayDataset: labels lie in 0 to 1, or are −1 for what counts for nothing; sample 1 has 2.",
            Assert.Throws<ArgumentException>(() => new ArrayDataset(new float[4], new Shape(2), [0, 2], new Shape(), ["a", "b"])).Message, StringComparison.Ordinal);
        // Of two masks of 1×3 the fifth value belongs to sample 1.
        Assert.StartsWith("ArrayDataset: labels lie in 0 to 1, or are −1 for what counts for nothing; sample 1 has -2.",
            Assert.Throws<ArgumentException>(() => new ArrayDataset(new float[2], new Shape(1), [0, 1, -1, 0, -2, 0], new Shape(1, 3), ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new ArrayDataset([], new Shape(0, 2), [], new Shape(), ["a"]));
    }
}
