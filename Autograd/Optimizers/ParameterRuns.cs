using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>Parameters that lie one behind another, handed over as one.</summary>
internal static class ParameterRuns
{
    /// <summary>Calls <paramref name="apply"/> for the value and the gradient of each run of neighbours; a parameter without a place is a run by itself. The order is that of the places.</summary>
    /// <param name="parameters">All of them have a gradient.</param>
    /// <param name="apply">Treats each element by itself.</param>
    public static void ForEach(IEnumerable<Parameter> parameters, Action<Tensor, Tensor> apply) =>
        ForEach(parameters, static _ => [], static (_, _) => true, (_, tensors) => apply(tensors[0], tensors[1]));

    /// <summary>The same with further tensors, for neighbours that are treated alike.</summary>
    /// <param name="parameters">All of them have a gradient.</param>
    /// <param name="states">Tensors of a parameter's shape.</param>
    /// <param name="alike">Whether a second parameter may be in the run of a first.</param>
    /// <param name="apply">Gets the run, and value, gradient and further tensors of the whole of it; treats each element by itself.</param>
    public static void ForEach(IEnumerable<Parameter> parameters, Func<Parameter, IReadOnlyList<Tensor>> states, Func<Parameter, Parameter, bool> alike, Action<ArraySegment<Parameter>, Tensor[]> apply)
    {
        Parameter[] ordered = [.. parameters.OrderBy(static parameter => parameter.Place?.Rank ?? long.MaxValue)];
        for (int first = 0, end; first < ordered.Length; first = end)
        {
            Tensor[] begin = Tensors(ordered[first]), last = begin;
            for (end = first + 1; end < ordered.Length && ordered[end].Place is not null && alike(ordered[first], ordered[end]); end++)
            {
                Tensor[] next = Tensors(ordered[end]);
                if (!last.Zip(next, JoinedTensors.Follows).All(static follows => follows))
                    break;
                last = next;
            }
            ArraySegment<Parameter> run = new(ordered, first, end - first);
            if (run.Count == 1)
            {
                apply(run, begin);
                continue;
            }
            Tensor[] joined = [.. begin.Zip(last, JoinedTensors.Over)];
            apply(run, joined);
            foreach (Tensor tensor in joined)
                tensor.Release();
        }

        Tensor[] Tensors(Parameter parameter) => [parameter.Value, parameter.Gradient!, .. states(parameter)];
    }
}
