using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What an optimizer keeps for one parameter.</summary>
internal sealed class ParameterState
{
    // The parameter's place that the tensors were laid for.
    private ParameterPlace? place;

    /// <summary>Updates done.</summary>
    public long Steps { get; set; }

    /// <summary>Tensors of the parameter's shape; none before the first update.</summary>
    public Tensor[] Tensors { get; private set; } = [];

    /// <summary>
    /// Sees to it that there are <paramref name="count"/> tensors for each parameter, on its device: those that are there, or zeros where none are or their shape is another. Those of parameters that were laid one behind another are
    /// laid so too.
    /// </summary>
    /// <exception cref="DeviceException">A device has no memory for them; none has changed.</exception>
    public static void Lay(IEnumerable<Parameter> parameters, Func<Parameter, ParameterState> stateOf, int count)
    {
        foreach (IGrouping<(Device Device, bool Joins), Parameter> group in parameters.Where(parameter => !stateOf(parameter).Fits(parameter, count)).GroupBy(static parameter => (parameter.Device, parameter.Place is not null)))
        {
            Parameter[] laying = [.. group.OrderBy(static parameter => parameter.Place?.Rank)];
            Shape[] shapes = [.. laying.Select(static parameter => parameter.Shape)];
            Tensor[][] made = [.. Enumerable.Range(0, count).Select(_ => group.Key.Joins ? JoinedTensors.Zeros(group.Key.Device, shapes) : [.. shapes.Select(shape => Scope.Detach(Tensor.Zeros(group.Key.Device, shape)))])];
            for (int i = 0; i < laying.Length; i++)
                stateOf(laying[i]).MoveTo([.. made.Select(tensors => tensors[i])], laying[i].Place);
        }
    }

    /// <summary>Takes other tensors, and gives the memory of the present ones back.</summary>
    public void Replace(Tensor[] tensors)
    {
        foreach (Tensor tensor in Tensors)
            tensor.Release();
        Tensors = tensors;
        place = null;
    }

    private bool Fits(Parameter parameter, int count) =>
        ReferenceEquals(place, parameter.Place) && Tensors.Length == count && Array.TrueForAll(Tensors, tensor => tensor.Shape == parameter.Shape && ReferenceEquals(tensor.Device, parameter.Device));

    private void MoveTo(Tensor[] tensors, ParameterPlace? place)
    {
        for (int i = 0; i < Tensors.Length && Tensors.Length == tensors.Length && Tensors[i].Shape == tensors[i].Shape; i++)
            JoinedTensors.Move(Tensors[i], tensors[i]);
        Replace(tensors);
        this.place = place;
    }
}
