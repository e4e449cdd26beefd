using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>Seeded test values in −1..1, and tensors whose spare memory is watched.</summary>
internal static class Noise
{
    public static float[] Of(long count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }

    public static Tensor On(Device device, Shape shape, int seed) => Tensor.From(device, shape, Of(shape.Count, seed));

    /// <summary>A tensor full of NaN up to the end of its block, so that an element left unwritten shows.</summary>
    public static unsafe Tensor Unwritten(CpuDevice device, Shape shape)
    {
        var tensor = new Tensor(device, shape);
        new Span<float>(tensor.Pointer, checked((int)tensor.Buffer.Capacity)).Fill(float.NaN);
        return tensor;
    }

    /// <summary>Fails where a kernel wrote behind the tensor's last element.</summary>
    public static unsafe void AssertNothingBehind(Tensor tensor)
    {
        for (long i = tensor.Count; i < tensor.Buffer.Capacity; i++)
            Assert.True(float.IsNaN(tensor.Pointer[i]), $"{tensor.Shape}: element {i} behind the end was written");
    }
}
