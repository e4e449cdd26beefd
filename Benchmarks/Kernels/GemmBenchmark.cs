using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Matrix products: squares, and a dense layer's few rows.</summary>
public static class GemmBenchmark
{
    // Squares are the usual yardstick; the last two are VGG's fc6 at batch 1 and 8, where the weights' way from memory is the limit.
    private static readonly Product[] Products = [new(256, 256, 256), new(512, 512, 512), new(1024, 1024, 1024), new(2048, 2048, 2048), new(1, 25088, 4096), new(8, 25088, 4096)];

    /// <summary>Times y[m,n] = Σₖ a[m,k]·b[k,n] beside ONNX Runtime and PyTorch. Both operands are inputs: nobody packs ahead of time.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A result is wrong, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel);
        Measure(run, static _ => true);
        return run.Report("gemm", "Matrix products [M,K]·[K,N] with both operands given at the call; packing is part of the time. ONNX Runtime: the time of its MatMul node alone.");
    }

    internal static void Measure(BenchmarkRun run, Predicate<string> selected)
    {
        foreach (Product product in Products.Where(product => run.Wants(product.Work) && selected(product.Work)))
            Measure(run, product);
    }

    private static void Measure(BenchmarkRun run, Product product)
    {
        (int m, int k, int n) = (product.M, product.K, product.N);
        using var scope = new Scope();
        Tensor a = Values.Tensor(run.Device, new Shape(m, k), 1), b = Values.Tensor(run.Device, new Shape(k, n), 2), y = new(run.Device, new Shape(m, n));
        run.Device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None);
        Agreement.Check(product.Work, y.Span, Values.Sample(m * n), i => Dot(a, b, i / n, i % n));

        var peers = new List<IContender>();
        string model = Path.Combine(run.Folder, "gemm.onnx");
        if (SaveModel(run, model, product, a, b) is { } onnx)
        {
            peers.Add(onnx);
            Agreement.Check(onnx, run, y.Span, product.Work);
        }
        if (run.Peers.LoadTorch("product", json =>
        {
            json.WriteNumber("m", m);
            json.WriteNumber("k", k);
            json.WriteNumber("n", n);
        }) is { } torch)
        {
            peers.Add(torch);
        }
        run.Measure(product.Work, "", 2.0 * m * k * n, () => run.Device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None), peers, "MatMul");
    }

    private static PeerWork? SaveModel(BenchmarkRun run, string path, Product product, Tensor a, Tensor b)
    {
        var model = new OnnxModel();
        string y = model.Node("MatMul", [model.Input("a", product.M, product.K), model.Input("b", product.K, product.N)]);
        model.Output(y, product.M, product.N);
        model.Save(path);
        return run.Peers.LoadOnnx(
            path,
            [("a", [product.M, product.K], Values.Save(run.Folder, "a", a.Span)), ("b", [product.K, product.N], Values.Save(run.Folder, "b", b.Span))],
            [product.M, product.N],
            Path.Combine(run.Folder, $"gemm-{Guid.NewGuid():N}"));
    }

    private static double Dot(Tensor a, Tensor b, int row, int column)
    {
        int k = a.Shape[1], n = b.Shape[1];
        double sum = 0;
        for (int i = 0; i < k; i++)
            sum += (double)a.Span[(row * k) + i] * b.Span[(i * n) + column];
        return sum;
    }

    private readonly record struct Product(int M, int K, int N)
    {
        public string Work => $"gemm {M}x{K}x{N}";
    }
}
