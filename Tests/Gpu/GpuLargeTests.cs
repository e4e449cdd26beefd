using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>Tensors beyond 2³¹ bytes: kernels count in 64 bits. Memory that nobody touches costs the emulator nothing, so only the far end is used.</summary>
public sealed class GpuLargeTests
{
    // 70 001 rows of 8 003 floats are 2.24 GB; a product of row and length overflows 32 bits as bytes, and with 6 rows more as elements of 4 bytes.
    private const int Rows = 70_001;
    private const int Length = 8_003;

    [Fact]
    public void The_far_end_of_a_tensor_beyond_two_gigabytes_is_read_and_written()
    {
        using Scope scope = new();
        GpuDevice device = GpuTestDevices.For(long.MaxValue).First();
        Tensor large = new(device, new Shape(Rows, Length));
        Assert.True(large.Count * sizeof(float) > int.MaxValue);
        float[] values = Noise.Of(3 * 7, 1);
        Tensor small = Tensor.From(device, new Shape(3, 7), values), back = new(device, small.Shape), product = new(device, new Shape(7, 5)), right = Tensor.From(device, new Shape(3, 5), Noise.Of(15, 2));
        device.Elementwise.CopyBox(small, [0, 0], large, [Rows - 3, Length - 7], [3, 7]);
        device.Elementwise.CopyBox(large, [Rows - 3, Length - 7], back, [0, 0], [3, 7]);
        Assert.Equal(values, back.ToArray());
        // Products and sums that begin there: a view of the last elements, as a slice of channels is.
        Tensor tail = new(device, new Shape(21), large.Buffer, large.Count - 21);
        device.Elementwise.Scale(1, small.Reshape(new Shape(21)), tail);
        device.MatrixMultiply.Multiply(tail.Reshape(new Shape(3, 7)), true, right, false, product, Epilogue.None);
        float[] got = product.ToArray(), b = Noise.Of(15, 2);
        tail.Release();
        for (int i = 0; i < 7; i++)
        for (int j = 0; j < 5; j++)
            Assert.Equal(Enumerable.Range(0, 3).Sum(k => (double)values[(k * 7) + i] * b[(k * 5) + j]), got[(i * 5) + j], 1e-6);
    }
}
