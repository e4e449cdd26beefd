using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>How an array of a case file lies beside our tensors: the order of the file's axes, and back.</summary>
internal enum CaseLayout
{
    /// <summary>[N, C, H, W] there, [N, H, W, C] here; other ranks as they are.</summary>
    Activation,

    /// <summary>[O, I, H, W] there, [H, W, I, O] here.</summary>
    Filter,

    /// <summary>[I, O, H, W] there, [H, W, O, I] here.</summary>
    TransposedFilter,

    /// <summary>The same in both.</summary>
    AsItIs,

    /// <summary>[N, C, 1, 1] there, [N, C] here.</summary>
    Pooled,
}

/// <summary>The permutations.</summary>
internal static class CaseLayouts
{
    private static readonly int[] ToLast = [0, 2, 3, 1];
    private static readonly int[] ToFilter = [2, 3, 1, 0];

    /// <summary>Where axis <paramref name="axis"/> of an activation in the file lies in ours.</summary>
    public static int Axis(int axis, int rank) => rank == 4 ? Array.IndexOf(ToLast, axis) : axis;

    /// <summary>Values an axis in the file's order, in ours.</summary>
    public static int[] PerAxis(int[] values) => values.Length == 4 ? [.. ToLast.Select(axis => values[axis])] : values;

    public static Tensor Read(Device device, CaseArray array, CaseLayout layout)
    {
        if (layout == CaseLayout.Pooled)
            return Tensor.From(device, new Shape(array.Shape[0], array.Shape[1]), array.Values);
        if (Order(layout, array.Shape) is not { } order)
            return Tensor.From(device, array.Shape, array.Values);
        int[] extents = [.. order.Select(axis => array.Shape[axis])];
        return Tensor.From(device, new Shape(extents), Permute(array.Values, array.Shape.ToArray(), order));
    }

    /// <summary>Our values in the order of <paramref name="like"/>.</summary>
    /// <exception cref="CaseException">The shapes do not correspond.</exception>
    public static float[] Write(Tensor tensor, Shape like, CaseLayout layout)
    {
        Shape expected = layout == CaseLayout.Pooled ? new Shape(like[0], like[1]) : like;
        int[]? order = Order(layout, like);
        if (order is not null)
            expected = new Shape([.. order.Select(axis => like[axis])]);
        if (tensor.Shape != expected)
            throw new CaseException($"shapes agree; {expected} is stored, {tensor.Shape} came out");
        if (order is null)
            return tensor.ToArray();
        int[] back = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            back[order[i]] = i;
        return Permute(tensor.ToArray(), tensor.Shape.ToArray(), back);
    }

    private static int[]? Order(CaseLayout layout, Shape shape) => layout switch
    {
        CaseLayout.Activation => shape.Rank == 4 ? ToLast : null,
        CaseLayout.Filter or CaseLayout.TransposedFilter => shape.Rank == 4 ? ToFilter : throw new CaseException($"a filter has four axes; got {shape}"),
        _ => null,
    };

    private static float[] Permute(float[] source, int[] extents, int[] order)
    {
        int rank = extents.Length;
        int[] stride = new int[rank];
        for (int i = rank - 1, step = 1; i >= 0; step *= extents[i--])
            stride[i] = step;
        float[] result = new float[source.Length];
        int[] at = new int[rank];
        for (int i = 0; i < result.Length; i++)
        {
            int from = 0;
            for (int axis = 0; axis < rank; axis++)
                from += at[axis] * stride[order[axis]];
            result[i] = source[from];
            for (int axis = rank - 1; axis >= 0 && ++at[axis] == extents[order[axis]]; axis--)
                at[axis] = 0;
        }
        return result;
    }
}
