using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Models;

public abstract partial class Model
{
    /// <summary>
    /// Makes the model ready to run fast for inputs of one shape; see <see cref="InferencePlan"/>. The plan gives the layers by name and holds its own copy of the convolutions' weights: after a change of weights, compile again.
    /// </summary>
    /// <param name="input">[N, H, W, 3].</param>
    /// <param name="layers">Names among <see cref="Layers.Network.AvailableLayers"/>; by default the probabilities, or for a model without top its default layers.</param>
    /// <param name="weights">How the plan stores weights: <see cref="WeightFormat.Half"/> halves those of dense layers and direct convolutions, on the SIMD engine.</param>
    /// <exception cref="DeviceException">Half-size weights, and the model lies on a GPU device.</exception>
    /// <exception cref="Layers.UnknownLayerException">A layer does not exist.</exception>
    /// <exception cref="ShapeException">The input does not fit the model.</exception>
    public InferencePlan Compile(Shape input, IReadOnlyList<string>? layers = null, WeightFormat weights = WeightFormat.Single)
    {
        layers ??= ProbabilityLayer is { } last ? [last] : DefaultLayers;
        return InferencePlan.Compile(Device, input, x => Forward(x, layers), weights);
    }
}
