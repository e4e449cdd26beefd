using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// The operators: stateless, differentiable functions of variables, one a file. Activations are float32 [N, H, W, C]. On a tape they are recorded where a gradient is wanted; off tape they only compute. All of them are deterministic:
/// the same input gives the same bits, for any number of threads. Mistakes in shapes are <see cref="ShapeException"/>s, tensors on different devices <see cref="DeviceException"/>s.
/// </summary>
public static partial class F
{
    private static (int Y, int X) OrOne((int Y, int X)? size) => size ?? (1, 1);
}
