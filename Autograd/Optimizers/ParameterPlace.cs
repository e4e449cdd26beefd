using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>Where a parameter's gradients go, beside those of the parameters that were laid with it (<see cref="Device.JoinsParameters"/>). Its value lies in the same order in another block.</summary>
internal sealed class ParameterPlace
{
    private static long count;

    // Keeps the memory; what is handed out are leases on it.
    private readonly Tensor gradient;

    private ParameterPlace(Tensor gradient)
    {
        this.gradient = gradient;
        Rank = Interlocked.Increment(ref count);
    }

    /// <summary>Grows along a block.</summary>
    public long Rank { get; }

    /// <summary>The place as a tensor that belongs to no scope, contents arbitrary.</summary>
    public Tensor Gradient() => new(gradient.Device, gradient.Shape, gradient.Buffer, gradient.Offset);

    /// <summary>Whether a gradient lies here.</summary>
    public bool Holds(Tensor tensor) => ReferenceEquals(tensor.Buffer, gradient.Buffer) && tensor.Offset == gradient.Offset;

    /// <summary>
    /// Gives those parameters a place that have none, on devices where that pays: neighbours with the same learning rate lie together. What another tensor sees, or a tape still reads, stays where it is until a later call.
    /// </summary>
    /// <exception cref="DeviceException">The device has no memory for them.</exception>
    public static void Lay(IEnumerable<Parameter> parameters)
    {
        foreach (IGrouping<Device, Parameter> group in parameters.Where(Settles).GroupBy(static parameter => parameter.Device))
        {
            Parameter[] settling = [.. group.OrderBy(static parameter => parameter.LearningRateScale)];
            Shape[] shapes = [.. settling.Select(static parameter => parameter.Shape)];
            Tensor[] gradients = JoinedTensors.Zeros(group.Key, shapes), values = JoinedTensors.Zeros(group.Key, shapes);
            for (int i = 0; i < settling.Length; i++)
                settling[i].Settle(values[i], new ParameterPlace(gradients[i]));
        }
    }

    private static bool Settles(Parameter parameter) => parameter.Place is null && parameter.Device.JoinsParameters && parameter.Value is { Readers: 0, Buffer.IsShared: false };
}
