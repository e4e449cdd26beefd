namespace NativeFree.Kernels;

/// <summary>
/// A part of a packed filter that a thread is about to read: worth asking for while it still computes with another, since a network's filters come from memory anew each run. None: the default.
/// </summary>
/// <param name="at">Its first value, or null.</param>
/// <param name="floats">How many.</param>
internal readonly unsafe struct FilterPiece(float* at, long floats)
{
    public float* At { get; } = at;

    public long Floats { get; } = floats;
}
