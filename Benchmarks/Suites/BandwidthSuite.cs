using BenchmarkDotNet.Attributes;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks.Suites;

/// <summary>Work that moves more than it computes, at ResNet50's first block, batch 1 (56², 256 channels, 3.2 MB): pooling and single elements.</summary>
public class BandwidthSuite
{
    private readonly PoolingGeometry window = PoolingGeometry.Create(new Shape(1, 112, 112, 64), (3, 3), (2, 2), Padding.None, coverAll: true);
    private Tensor stem = null!, pooled = null!, argument = null!, a = null!, b = null!, y = null!;

    /// <summary>Makes the tensors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        CpuDevice device = CpuDevice.Default;
        stem = Values.Tensor(device, window.InShape, 1);
        pooled = new Tensor(device, window.OutShape);
        argument = new Tensor(device, window.OutShape);
        var activation = new Shape(1, 56, 56, 256);
        a = Values.Tensor(device, activation, 2);
        b = Values.Tensor(device, activation, 3);
        y = new Tensor(device, activation);
    }

    /// <summary>3×3 windows, step 2, for inference.</summary>
    [Benchmark]
    public void MaxPooling() => CpuDevice.Default.Pooling.Max(window, stem, pooled, null);

    /// <summary>The same, remembering where the largest values were.</summary>
    [Benchmark]
    public void MaxPoolingForTraining() => CpuDevice.Default.Pooling.Max(window, stem, pooled, argument);

    /// <summary>y = max(a, 0).</summary>
    [Benchmark]
    public void Relu() => CpuDevice.Default.Elementwise.Activate(new Activation(ActivationKind.Relu), a, y);

    /// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
    [Benchmark]
    public void Sigmoid() => CpuDevice.Default.Elementwise.Activate(new Activation(ActivationKind.Sigmoid), a, y);

    /// <summary>y = a + b.</summary>
    [Benchmark]
    public void Add() => CpuDevice.Default.Elementwise.Combine(1, a, 1, b, y);
}
