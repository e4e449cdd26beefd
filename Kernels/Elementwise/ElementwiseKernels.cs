// Work on single elements, and moving them. A work-item takes one element, neighbours take neighbours. Each element read is read once: bytes moved are those of the operands.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>An activation on the device: its value, and its slope told from the value.</summary>
internal interface IDeviceActivation
{
    static abstract float Value(float x, float slope);

    static abstract float Slope(float y, float slope);
}

internal readonly struct DeviceRelu : IDeviceActivation
{
    // NaN is not below 0 and goes through.
    public static float Value(float x, float slope) => x < 0 ? 0 : x;

    public static float Slope(float y, float slope) => y > 0 ? 1f : 0f;
}

internal readonly struct DeviceLeakyRelu : IDeviceActivation
{
    public static float Value(float x, float slope) => x > 0 ? x : slope * x;

    public static float Slope(float y, float slope) => y > 0 ? 1 : slope;
}

internal readonly struct DeviceSigmoid : IDeviceActivation
{
    public static float Value(float x, float slope) => 1 / (1 + MathF.Exp(-x));

    public static float Slope(float y, float slope) => y * (1 - y);
}

internal readonly struct DeviceTanh : IDeviceActivation
{
    public static float Value(float x, float slope) => MathF.Tanh(x);

    public static float Slope(float y, float slope) => 1 - (y * y);
}

/// <summary>A box of up to six axes: its extents, and for each axis the distance between neighbours in x and in y. Unused axes in front have extent 1.</summary>
internal readonly record struct BoxStrides(
    int Size0, int Size1, int Size2, int Size3, int Size4, int Size5,
    long X0, long X1, long X2, long X3, long X4, long X5,
    long Y0, long Y1, long Y2, long Y3, long Y4, long Y5,
    long XStart, long YStart, long Count);

internal static class ElementwiseKernels
{
    [Kernel(DeviceIndex.Group)]
    [Specialize(typeof(DeviceRelu))]
    [Specialize(typeof(DeviceLeakyRelu))]
    [Specialize(typeof(DeviceSigmoid))]
    [Specialize(typeof(DeviceTanh))]
    internal static void Activate<TActivation>(ArrayView<float> x, ArrayView<float> y, float slope, long count)
        where TActivation : struct, IDeviceActivation
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = TActivation.Value(x[i], slope);
    }

    [Kernel(DeviceIndex.Group)]
    [Specialize(typeof(DeviceRelu))]
    [Specialize(typeof(DeviceLeakyRelu))]
    [Specialize(typeof(DeviceSigmoid))]
    [Specialize(typeof(DeviceTanh))]
    internal static void ActivateBackward<TActivation>(ArrayView<float> y, ArrayView<float> gy, ArrayView<float> gx, float slope, long count)
        where TActivation : struct, IDeviceActivation
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        gx[i] = gy[i] * TActivation.Slope(y[i], slope);
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Combine(float alpha, ArrayView<float> a, float beta, ArrayView<float> b, ArrayView<float> y, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = (alpha * a[i]) + (beta * b[i]);
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Multiply(float scale, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = scale * (a[i] * b[i]);
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Scale(float factor, ArrayView<float> x, ArrayView<float> y, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = factor * x[i];
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Clamp(ArrayView<float> x, float lower, float upper, ArrayView<float> y, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        float value = x[i] < lower ? lower : x[i];
        y[i] = value > upper ? upper : value;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Fill(ArrayView<float> y, float value, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = value;
    }

    // SplitMix64's finalizer over seed and index: the same mask on every device.
    [Kernel(DeviceIndex.Group)]
    internal static void DropoutMask(ulong seed, uint threshold, ArrayView<float> mask, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        ulong z = seed + ((ulong)(i + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        mask[i] = (uint)(z >> 32) >= threshold ? 1f : 0f;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void CopyStrided(ArrayView<float> x, ArrayView<float> y, BoxStrides box)
    {
        long i = DeviceIndex.Element();
        if (i >= box.Count)
            return;
        long rest = i;
        long from = box.XStart;
        long to = box.YStart;
        Walk(ref rest, ref from, ref to, box.Size5, box.X5, box.Y5);
        Walk(ref rest, ref from, ref to, box.Size4, box.X4, box.Y4);
        Walk(ref rest, ref from, ref to, box.Size3, box.X3, box.Y3);
        Walk(ref rest, ref from, ref to, box.Size2, box.X2, box.Y2);
        Walk(ref rest, ref from, ref to, box.Size1, box.X1, box.Y1);
        Walk(ref rest, ref from, ref to, box.Size0, box.X0, box.Y0);
        y[to] = x[from];
    }

    private static void Walk(ref long rest, ref long from, ref long to, int size, long x, long y)
    {
        long at = rest % size;
        rest /= size;
        from += at * x;
        to += at * y;
    }
}
