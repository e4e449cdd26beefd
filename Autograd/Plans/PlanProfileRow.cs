using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What one step of a plan took.</summary>
/// <param name="Layer">The layers it stands for.</param>
/// <param name="Algorithm">What was done, and how.</param>
/// <param name="Output">The shape of what it made.</param>
/// <param name="Milliseconds">The best of several runs.</param>
/// <param name="Flops">Multiplications and additions by the definition; Winograd does fewer.</param>
/// <param name="Bytes">Weights, inputs and output.</param>
public sealed record PlanProfileRow(string Layer, string Algorithm, Shape Output, double Milliseconds, long Flops, long Bytes)
{
    /// <summary>10⁹ operations a second.</summary>
    public double Gflops => Milliseconds > 0 ? Flops / Milliseconds / 1e6 : 0;
}
