using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// Some samples side by side. The buffers of <see cref="X"/> and <see cref="Y"/> belong to the loader: they are valid until the next batch is asked for, or the enumeration ends, and are then written over or
/// given back. Whoever needs them longer copies them; nobody else releases them.
/// </summary>
/// <param name="X">float32 [N, H, W, C].</param>
/// <param name="Y">int32 [N] or [N, H, W].</param>
/// <param name="Names">What a message calls each of the N samples.</param>
/// <param name="Index">The batch's number within its epoch, from 0. Numbers are missing where every sample of a batch was skipped.</param>
public sealed record Batch(Tensor X, Labels Y, IReadOnlyList<string> Names, int Index);
