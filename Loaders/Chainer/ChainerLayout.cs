namespace NativeFree.Loaders;

/// <summary>How Chainer stores what we hold: filters (O, I, R, S), matrices (out, in), N as a scalar; vectors are alike.</summary>
internal static class ChainerLayout
{
    /// <summary>The array's extents in a file of Chainer, and the change of order between the two.</summary>
    public static (long[] Shape, LayoutChange Change) Of(WeightPlace place)
    {
        if (place.Shape is not { } shape)
            return ([], default);
        if (shape.Rank == 4)
            return ([shape[3], shape[2], shape[0], shape[1]], new LayoutChange(shape[3], shape[2], shape[0] * shape[1]));
        if (shape.Rank == 2)
        {
            int channels = place.FlattenedChannels == 0 ? shape[0] : place.FlattenedChannels;
            return ([shape[1], shape[0]], new LayoutChange(shape[1], channels, shape[0] / channels));
        }
        return ([.. shape.ToArray().Select(extent => (long)extent)], default);
    }

    /// <summary>The array that Chainer would store under <paramref name="place"/>'s path.</summary>
    public static NamedArray Export(WeightPlace place)
    {
        (long[] shape, LayoutChange change) = Of(place);
        return place.Read is { } read ? PlaceArray.Of(place.Path, shape, read, change) : NamedArray.Of(place.Path, shape, new ReadOnlyMemory<long>([place.ReadCount!()]));
    }
}
