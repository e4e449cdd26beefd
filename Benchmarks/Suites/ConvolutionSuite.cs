using BenchmarkDotNet.Attributes;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks.Suites;

/// <summary>Every convolution shape of ResNet50 and VGG16 at batch 1: forward with bias and ReLU, input gradient, filter gradient.</summary>
public class ConvolutionSuite
{
    private ConvolutionGeometry geometry = null!;
    private Tensor x = null!, w = null!, bias = null!, y = null!, gx = null!, gw = null!;

    /// <summary>The shape.</summary>
    [ParamsSource(nameof(Shapes))]
    public ShapeParameter Shape { get; set; } = null!;

    /// <summary>All shapes.</summary>
    public static IEnumerable<ShapeParameter> Shapes => ConvolutionLayer.ResNet50.Concat(ConvolutionLayer.Vgg16).Select(static layer => new ShapeParameter(layer));

    /// <summary>Makes the tensors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        geometry = Shape.Layer.Geometry(1);
        CpuDevice device = CpuDevice.Default;
        x = Values.Tensor(device, geometry.InShape, 1);
        w = Values.Tensor(device, geometry.FilterShape, 2);
        bias = Values.Tensor(device, new Shape(geometry.OutChannels), 3);
        y = Values.Tensor(device, geometry.OutShape, 4);
        gx = new Tensor(device, geometry.InShape);
        gw = new Tensor(device, geometry.FilterShape);
    }

    /// <summary>y = max(x ∗ w + bias, 0).</summary>
    [Benchmark]
    public void Forward() => CpuDevice.Default.Convolution.Forward(geometry, x, w, y, new Epilogue(bias, Relu: true));

    /// <summary>gx from y taken as gradient.</summary>
    [Benchmark]
    public void InputGradient() => CpuDevice.Default.Convolution.BackwardInput(geometry, y, w, gx, Epilogue.None);

    /// <summary>gw from x and y taken as gradient.</summary>
    [Benchmark]
    public void FilterGradient() => CpuDevice.Default.Convolution.BackwardFilter(geometry, x, y, gw);

    /// <summary>A shape with the name that the tables show.</summary>
    public sealed class ShapeParameter : IHasFlops
    {
        internal ShapeParameter(ConvolutionLayer layer) => Layer = layer;

        /// <inheritdoc/>
        public double Flops => Layer.Geometry(1).Flops;

        internal ConvolutionLayer Layer { get; }

        /// <inheritdoc/>
        public override string ToString() => Layer.Name;
    }
}
