using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What an operator's forward keeps for its backward, in the order kept. Off tape, keeping does nothing.</summary>
public sealed class Saved
{
    private readonly List<Tensor>? kept;

    internal Saved(bool records) => kept = records ? new List<Tensor>(3) : null;

    /// <summary>The same object for all calls that record nothing.</summary>
    internal static Saved Nothing { get; } = new(false);

    /// <summary>Whether a backward pass can follow, so that it is worth computing what only it reads.</summary>
    public bool IsRecording => kept is not null;

    internal IReadOnlyList<Tensor> All => kept ?? (IReadOnlyList<Tensor>)[];

    /// <summary>The tensor kept as number <paramref name="index"/>.</summary>
    public Tensor this[int index] => kept![index];

    /// <summary>Keeps a tensor until backward has run.</summary>
    /// <returns>The tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        kept?.Add(tensor);
        return tensor;
    }
}
