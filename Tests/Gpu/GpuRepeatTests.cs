using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Tests.Gpu;

/// <summary>The same bits from run to run with every variant of the kernels: on OpenCL devices whose threads take groups as they come, and on the emulator in any order of the work-items and with any number of threads.</summary>
public sealed class GpuRepeatTests
{
    // Those from Direct on are the SIMD engine's.
    public static TheoryData<KernelVariant> Variants => [.. Enum.GetValues<KernelVariant>().Where(static variant => variant < KernelVariant.Direct)];

    [Theory, MemberData(nameof(Variants))]
    public void Every_family_repeats_its_bits(KernelVariant variant)
    {
        foreach (GpuDevice device in GpuTestDevices.For(long.MaxValue, variant))
        {
            float[][] first = Families(device);
            for (int run = 0; run < 3; run++)
                Equal($"{variant} on {device}, run {run}", first, Families(device));
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void The_order_of_the_work_items_changes_no_bit(KernelVariant variant)
    {
        if (!Drivers.HasLanes)
            return;
        float[][]? first = null;
        foreach (ulong? order in new ulong?[] { null, 1, 2 })
        {
            using GpuDevice device = new(Drivers.OpenEmulator(order), isProcessor: true);
            device.Choices.Only = variant;
            float[][] got = Families(device);
            first ??= got;
            Equal($"{variant}, order {order}", first, got);
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void Training_repeats_its_bits(KernelVariant variant)
    {
        foreach (GpuDevice device in GpuTestDevices.For(long.MaxValue, variant))
            Equal($"{variant} on {device}", Train(device), Train(device));
    }

#if !ILGPU
    [Fact]
    public void No_kernel_uses_an_atomic()
    {
        foreach (NativeFree.Gpu.DeviceKernel kernel in NativeFree.Kernels.KernelCatalog.All)
            Assert.DoesNotContain("atomic", kernel.Source, StringComparison.OrdinalIgnoreCase);
    }
#endif

    private static void Equal(string what, float[][] expected, float[][] got)
    {
        for (int j = 0; j < expected.Length; j++)
        for (int i = 0; i < expected[j].Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(expected[j][i]) == BitConverter.SingleToInt32Bits(got[j][i]), $"{what}, result {j}[{i}]: {expected[j][i]:g9} before, {got[j][i]:g9} now");
    }

    /// <summary>Whatever sums: products of cut and uncut depth, convolutions and their gradients, statistics, reductions, pooling and resizing backwards.</summary>
    private static float[][] Families(GpuDevice device)
    {
        using Scope scope = new();
        List<Tensor> made = [];
        foreach ((int m, int k, int n) in new[] { (67, 35, 65), (3, 2051, 5), (131, 1, 33) })
        {
            foreach ((bool left, bool right) in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                Tensor y = New(m, n);
                device.MatrixMultiply.Multiply(left ? Of(k, m) : Of(m, k), left, right ? Of(n, k) : Of(k, n), right, y, new Epilogue(Of(n), Relu: true));
            }
        }
        foreach (ConvolutionGeometry g in new[]
        {
            ConvolutionGeometry.Create(new Shape(2, 11, 9, 5), new Shape(3, 3, 5, 17), (1, 1), Padding.All(1), (1, 1), 1),
            ConvolutionGeometry.Create(new Shape(3, 12, 7, 3), new Shape(5, 2, 3, 33), (2, 3), new Padding(1, 0, 2, 1), (1, 1), 1),
            ConvolutionGeometry.Create(new Shape(2, 7, 9, 19), new Shape(1, 1, 19, 7), (1, 1), Padding.All(0), (1, 1), 1),
            ConvolutionGeometry.Create(new Shape(2, 9, 8, 7), new Shape(3, 3, 1, 7), (1, 1), Padding.All(1), (1, 1), 7),
        })
        {
            Tensor x = Of(g.InShape.ToArray()), w = Of(g.FilterShape.ToArray()), gy = Of(g.OutShape.ToArray());
            device.Convolution.Forward(g, x, w, New(g.OutShape.ToArray()), Epilogue.None);
            device.Convolution.Prepare(g, w, null, false, false, g.OutChannels).Run(x, New(g.OutShape.ToArray()), 0, null);
            device.Convolution.BackwardInput(g, gy, w, New(g.InShape.ToArray()), Epilogue.None);
            device.Convolution.BackwardFilter(g, x, gy, New(g.FilterShape.ToArray()));
        }
        Tensor rows = Of(1201, 37), weights = Of(1201, 37);
        device.Normalization.Moments(rows, New(37), New(37));
        device.Normalization.ScaleGradients(rows, weights, Of(37), Tensor.Filled(device, new Shape(37), 0.7f), 1e-3f, New(37), New(37));
        device.Reductions.Sum(rows, 1, 1201 * 37, 1, 1, New(1));
        device.Reductions.Sum(rows, 1201, 37, 1, 1, New(1201));
        device.Reductions.Softmax(rows, 1201, 37, 1, New(1201, 37));
        device.Reductions.LogSoftmax(Of(611, 7), 611, 7, 1, New(611, 7));
        device.Reductions.NegativeLogLikelihood(rows, new Labels([.. Enumerable.Range(0, 1201).Select(static i => i % 37)]), null, null, 1f / 1201, New(1));
        made.Add(Tensor.Filled(device, new Shape(1), (float)device.Reductions.Dot(rows, weights)));
        PoolingGeometry window = PoolingGeometry.Create(new Shape(2, 9, 7, 5), (3, 3), (1, 2), Padding.All(1), false);
        Tensor pooled = New(window.OutShape.ToArray()), argument = New(window.OutShape.ToArray());
        device.Pooling.Max(window, Of(window.InShape.ToArray()), pooled, argument);
        device.Pooling.MaxBackward(window, argument, Of(window.OutShape.ToArray()), New(window.InShape.ToArray()));
        device.Resampling.BilinearBackward(false, Of(2, 11, 8, 7), New(2, 5, 3, 7));
        return [.. made.Select(static tensor => tensor.ToArray())];

        Tensor Of(params int[] shape) => Tensor.From(device, new Shape(shape), Noise.Of(new Shape(shape).Count, shape[0]));

        Tensor New(params int[] shape)
        {
            made.Add(Tensor.Zeros(device, new Shape(shape)));
            return made[^1];
        }
    }

    private static float[][] Train(GpuDevice device)
    {
        Sequential net = (Sequential)new Sequential(
            new Convolution2D(3, 17, 3, padding: 1), new BatchNormalization(17), new Relu(), new MaxPooling2D(2, 2), new Convolution2D(17, 9, 1), new BatchNormalization(9), new Relu(), new Dropout(0.3f), new GlobalAveragePooling2D(), new Linear(9, 4)) { Seed = 3 }.To(device);
        Adam adam = new(net.NamedParameters().Select(static item => item.Parameter), 0.01);
        adam.Hooks.Add(new GradientNormClipping(0.5));
        List<float> losses = [];
        for (int step = 0; step < 4; step++)
        {
            using Tape tape = new() { Seed = (ulong)step };
            Variable loss = F.SoftmaxCrossEntropy(net.Forward(Tensor.From(device, new Shape(6, 9, 11, 3), Noise.Of(6 * 9 * 11 * 3, step))), new Labels([0, 3, 1, 2, 3, 1]));
            losses.Add(loss.Value.ToArray()[0]);
            tape.Backward(loss);
            adam.Update();
        }
        return [[.. losses], .. net.NamedParameters().Select(static item => item.Parameter.Value.ToArray()), .. net.NamedStatistics().Select(static item => item.Statistic.Value.ToArray())];
    }
}
