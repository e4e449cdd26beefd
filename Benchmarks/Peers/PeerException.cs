namespace NativeFree.Benchmarks;

/// <summary>A peer could not start, answered with an error, or fell silent. The benchmark goes on without it and says so.</summary>
internal sealed class PeerException(string message, Exception? inner = null) : Exception(message, inner);
