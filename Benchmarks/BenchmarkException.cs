namespace NativeFree.Benchmarks;

/// <summary>A benchmark cannot be trusted or cannot run: a result is wrong, contenders disagree, or nothing is left to measure. The message reads <c>where: rule; what arrived; remedy</c>.</summary>
public sealed class BenchmarkException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public BenchmarkException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
