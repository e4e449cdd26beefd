using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What one step of a plan took.</summary>
/// <param name="Layer">The layers it stands for.</param>
/// <param name="Algorithm">What was done, and how.</param>
/// <param name="Output">The shape of what it made.</param>
/// <param name="Milliseconds">Of one run, or the best of several; where the batch comes in parts, of all of them together.</param>
/// <param name="Flops">Multiplications and additions by the definition; Winograd does fewer. 0 where nothing is multiplied.</param>
/// <param name="Bytes">Weights as they are held, inputs and output: what passes through memory at least once.</param>
/// <param name="WeightBytes">Weights as the step holds them; of Winograd the transformed filter, four times the filter, or 16/9 of it for the smallest images.</param>
/// <param name="WorkspaceBytes">Scratch memory while it runs, of all threads together: Winograd's transformed tiles and products.</param>
public sealed record PlanProfileRow(string Layer, string Algorithm, Shape Output, double Milliseconds, long Flops, long Bytes, long WeightBytes, long WorkspaceBytes)
{
    /// <summary>10⁹ operations a second.</summary>
    public double Gflops => Milliseconds > 0 ? Flops / Milliseconds / 1e6 : 0;

    /// <summary>Whether Winograd's scheme ran.</summary>
    public bool IsWinograd => Algorithm.Contains("winograd", StringComparison.Ordinal);
}
