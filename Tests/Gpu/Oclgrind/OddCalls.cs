using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>Calls of the primitives that no bundled operator case reaches, at odd sizes small enough for a simulator, so that together every kernel runs.</summary>
internal static class OddCalls
{
    public static void Run(GpuDevice device)
    {
        using Scope scope = new();
        Elementwise(device);
        Products(device);
        Reductions(device);
        Optimizers(device);
    }

    private static Tensor Of(GpuDevice device, params int[] shape) => Tensor.From(device, new Shape(shape), Noise.Of(new Shape(shape).Count, shape.Length));

    private static void Elementwise(GpuDevice device)
    {
        Tensor a = Of(device, 523), b = Of(device, 523), y = Of(device, 523);
        device.Elementwise.Clamp(a, -0.2f, 0.3f, y);
        device.Elementwise.Combine(2, a, 3, b, y);
        device.Elementwise.Multiply(2, a, b, y);
        device.Elementwise.Scale(2, a, y);
        device.Elementwise.DropoutMask(7, 0.3f, y);
        y.Fill(3);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            device.Elementwise.Activate(new Activation(kind, 0.1f), a, y);
            device.Elementwise.ActivateBackward(new Activation(kind, 0.1f), a, b, y);
        }
    }

    private static void Products(GpuDevice device)
    {
        // Two tiles of rows and of columns, and a rest of the depth.
        Tensor y = Of(device, 67, 65);
        foreach ((bool ta, bool tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
            device.MatrixMultiply.Multiply(ta ? Of(device, 5, 67) : Of(device, 67, 5), ta, tb ? Of(device, 65, 5) : Of(device, 5, 65), tb, y, new Epilogue(Of(device, 65), Of(device, 67, 65), Relu: true));
        // So deep that the depth is cut.
        device.MatrixMultiply.Multiply(Of(device, 1, 2051), false, Of(device, 2051, 3), false, Of(device, 1, 3), new Epilogue(Of(device, 3)));
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 9, 8, 3), new Shape(3, 2, 3, 5), (1, 2), new Padding(1, 0, 1, 1), (1, 1), 1);
        Tensor x = Of(device, 1, 9, 8, 3), w = Of(device, 3, 2, 3, 5), z = Tensor.Filled(device, g.OutShape, 1);
        device.Convolution.Forward(g, x, w, z, new Epilogue(Of(device, 5), Relu: true));
        device.Convolution.BackwardInput(g, z, w, Tensor.Zeros(device, x.Shape), Epilogue.None);
        device.Convolution.BackwardFilter(g, x, z, Tensor.Zeros(device, w.Shape));
    }

    private static void Reductions(GpuDevice device)
    {
        Tensor x = Of(device, 1031);
        device.Reductions.Dot(x, Of(device, 1031));
        device.Reductions.AllFinite(x);
        device.Reductions.ArgMax(Of(device, 7, 5), new int[7]);
        Labels binary = new(new Shape(263), [.. Enumerable.Range(0, 263).Select(static i => i % 3 == 0 ? 1 : 0)]), classes = new(new Shape(37), [.. Enumerable.Range(0, 37).Select(static i => i % 5)]);
        Tensor one = Tensor.Filled(device, new Shape(1), 1), wide = Of(device, 263), rows = Of(device, 37, 5);
        device.Reductions.SigmoidCrossEntropy(wide, binary, null, 0.5f, one);
        device.Reductions.SigmoidCrossEntropyBackward(wide, binary, null, 0.5f, one, Of(device, 263));
        Tensor overlap = Of(device, 5), total = Of(device, 5);
        device.Reductions.LabelSums(rows, classes, 2, overlap, total);
        device.Reductions.LabelSumsBackward(classes, 2, overlap, total, Of(device, 37, 5));
    }

    private static void Optimizers(GpuDevice device)
    {
        Tensor p = Of(device, 259), g = Of(device, 259), m = Of(device, 259), v = Tensor.Filled(device, new Shape(259), 0.3f), most = Tensor.Filled(device, new Shape(259), 0.4f);
        device.Optimizers.Sgd(0.1f, p, g);
        device.Optimizers.Momentum(0.1f, 0.9f, true, p, g, m);
        device.Optimizers.RmsProp(0.1f, 0.9f, 1e-7f, false, p, g, v);
        device.Optimizers.Adam(new AdamStep(0.1f, 0.01f, 0.1f, 1, 1e-7f, 1, 0.9f), p, g, m, v, most);
    }
}
