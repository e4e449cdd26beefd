using BenchmarkDotNet.Attributes;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks.Suites;

/// <summary>Matrix products: plain, and with either operand transposed as the gradients of a dense layer need it.</summary>
public class MatrixMultiplySuite
{
    private Tensor a = null!, at = null!, b = null!, bt = null!, y = null!;

    /// <summary>The sizes.</summary>
    [ParamsSource(nameof(Sizes))]
    public SizeParameter Size { get; set; } = null!;

    /// <summary>Squares, a dense layer at batch 1 and 8, and sizes that are no multiple of any tile.</summary>
    public static IEnumerable<SizeParameter> Sizes => [new(256, 256, 256), new(1024, 1024, 1024), new(2048, 2048, 2048), new(1, 25088, 4096), new(8, 4096, 1000), new(509, 1021, 251)];

    /// <summary>Makes the tensors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        CpuDevice device = CpuDevice.Default;
        a = Values.Tensor(device, new Shape(Size.M, Size.K), 1);
        at = Values.Tensor(device, new Shape(Size.K, Size.M), 2);
        b = Values.Tensor(device, new Shape(Size.K, Size.N), 3);
        bt = Values.Tensor(device, new Shape(Size.N, Size.K), 4);
        y = new Tensor(device, new Shape(Size.M, Size.N));
    }

    /// <summary>y = a·b.</summary>
    [Benchmark]
    public void Plain() => CpuDevice.Default.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None);

    /// <summary>y = aᵀ·b.</summary>
    [Benchmark]
    public void FirstTransposed() => CpuDevice.Default.MatrixMultiply.Multiply(at, true, b, false, y, Epilogue.None);

    /// <summary>y = a·bᵀ.</summary>
    [Benchmark]
    public void SecondTransposed() => CpuDevice.Default.MatrixMultiply.Multiply(a, false, bt, true, y, Epilogue.None);

    /// <summary>M, K, N of [M,K]·[K,N].</summary>
    /// <param name="M">Rows of y.</param>
    /// <param name="K">Length of the sums.</param>
    /// <param name="N">Columns of y.</param>
    public sealed record SizeParameter(int M, int K, int N) : IHasFlops
    {
        /// <inheritdoc/>
        public double Flops => 2.0 * M * K * N;

        /// <inheritdoc/>
        public override string ToString() => $"{M}x{K}x{N}";
    }
}
