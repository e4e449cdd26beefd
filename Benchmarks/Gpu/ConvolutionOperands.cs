using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Image, filter and output of a convolution on a device, and what it and its gradients have to compute of them.</summary>
internal sealed class ConvolutionOperands(GpuDevice device, ConvolutionGeometry g)
{
    /// <summary>x or gx.</summary>
    public Tensor X { get; } = Values.Tensor(device, g.InShape, 1);

    /// <summary>w or gw.</summary>
    public Tensor W { get; } = Values.Tensor(device, g.FilterShape, 2);

    /// <summary>y or gy.</summary>
    public Tensor Y { get; } = Values.Tensor(device, g.OutShape, 3);

    /// <summary>y = x ∗ w by <paramref name="run"/>.</summary>
    public GpuTask Forward(Action run)
    {
        (Tensor x, Tensor w) = (OnHost(X), OnHost(W));
        return new(run, new DueResult(Y, at => ConvolutionReference.Forward(g, x, w, at)));
    }

    public GpuTask InputGradient()
    {
        (Tensor gy, Tensor w) = (OnHost(Y), OnHost(W));
        return new(() => device.Convolution.BackwardInput(g, Y, W, X, Epilogue.None), new DueResult(X, at => ConvolutionReference.InputGradient(g, gy, w, at)));
    }

    public GpuTask FilterGradient()
    {
        (Tensor x, Tensor gy) = (OnHost(X), OnHost(Y));
        return new(() => device.Convolution.BackwardFilter(g, X, Y, W), new DueResult(W, at => ConvolutionReference.FilterGradient(g, x, gy, at)));
    }

    private static Tensor OnHost(Tensor tensor) => tensor.To(CpuDevice.Default);
}
