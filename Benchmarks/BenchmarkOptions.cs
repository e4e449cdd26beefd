namespace NativeFree.Benchmarks;

/// <summary>How to run a series.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Threads that compute, in every process; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Timed slots for each contender and piece of work, at least 1.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Only pieces of work whose name contains this, or null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Whether to time the peers as well.</summary>
    public bool Peers { get; init; } = true;

    /// <summary>The folder that holds <c>onnxruntime-node</c> or the <c>node_modules</c> with it; null looks below the current folder and in NODE_PATH.</summary>
    public string? OnnxRuntime { get; init; }

    /// <summary>The Python interpreter that has torch; null tries <c>python3</c> of PATH, then <c>/usr/bin/python3</c>.</summary>
    public string? Python { get; init; }

    /// <summary>A compiled C twin of the convolutions to run beside ours, or null.</summary>
    public string? Twin { get; init; }
}
