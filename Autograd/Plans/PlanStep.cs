using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>One thing a plan does: reads some tensors, writes one.</summary>
/// <param name="Layer">The layers it stands for.</param>
/// <param name="Algorithm">What is done, and how.</param>
/// <param name="Flops">Multiplications and additions, by the definition.</param>
/// <param name="Bytes">Bytes of weights, input and output that pass through memory at least once.</param>
/// <param name="WeightBytes">Bytes of weights as the step holds them: packed, transformed.</param>
/// <param name="WorkspaceBytes">Bytes of scratch memory while it runs.</param>
/// <param name="Reads">Numbers of the values read.</param>
/// <param name="Writes">Number of the value written.</param>
/// <param name="Run">The work, over the tensors of one plan by number: of the whole batch, or of the part of it that its stretch runs for.</param>
internal sealed record PlanStep(string Layer, string Algorithm, long Flops, long Bytes, long WeightBytes, long WorkspaceBytes, int[] Reads, int Writes, Action<Tensor[]> Run);
