namespace NativeFree.Benchmarks;

/// <summary>One way of doing a piece of work: ours, or a peer's in a process of its own.</summary>
internal interface IContender
{
    /// <summary>Key of the column: <c>ours</c>, <c>onnxruntime</c>, <c>pytorch</c>.</summary>
    string Name { get; }

    /// <summary>Runs the work without counting it.</summary>
    void WarmUp(CancellationToken cancel);

    /// <summary>Runs the work and gives each run's milliseconds.</summary>
    double[] Run(int times, CancellationToken cancel);
}
