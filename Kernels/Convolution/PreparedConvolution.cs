namespace NativeFree.Kernels;

/// <summary>
/// A convolution with constant weights, ready to run: y = max(x ∗ w + bias + addend, 0 or −∞), or the largest of it under each window of a max pooling. Made by <see cref="IConvolution.Prepare"/>. It holds its own copy of the weights and may run on several threads at a time.
/// </summary>
public abstract class PreparedConvolution
{
    /// <summary>How it computes, for profiles: <c>direct</c>, <c>winograd 4×4</c> …</summary>
    public abstract string Algorithm { get; }

    /// <summary>Bytes of weights held.</summary>
    public abstract long Bytes { get; }

    /// <summary>Bytes of scratch memory that a run takes beside weights, input and result: Winograd's transformed tiles and products, of all threads together.</summary>
    public virtual long WorkspaceBytes => 0;

    /// <summary>Equal for two of the same geometry that compute in the same way: there is nothing to choose between them.</summary>
    internal virtual object Way => Algorithm;

    /// <summary>The convolution that is likely to run next: its filter's beginning is asked for during the end of this one. Null: not known.</summary>
    internal PreparedConvolution? Following { get; set; }

    /// <summary>What a thread reads first of the filter, the caller being thread 0.</summary>
    internal virtual FilterPiece First(int thread) => default;

    /// <summary>Runs it. x [N,H,W,C]; y has the result's pixels and the channels given to Prepare, of which those from <paramref name="firstChannel"/> on are written.</summary>
    /// <param name="x">The input.</param>
    /// <param name="y">The destination.</param>
    /// <param name="firstChannel">Where in y's channels the result begins.</param>
    /// <param name="addend">What is added before the lower bound is applied, of y's shape, or of the convolution's own where it is pooled, with firstChannel 0; or null.</param>
    public abstract void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend);
}
