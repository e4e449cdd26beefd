using ILGPU;

namespace NativeFree.Kernels;

/// <summary>What is summed for an element: a at <c>at</c>, in a row and column of its matrix.</summary>
internal interface IColumnTerm
{
    static abstract float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column);
}

/// <summary>A term that needs no label: of one column, and of sixteen neighbouring ones from <c>at</c> and <c>column</c> on.</summary>
internal interface ILaneTerm : IColumnTerm
{
    static abstract float One(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column);

    static abstract DeviceLanes Sixteen(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column);
}

internal readonly struct PlainTerm : ILaneTerm
{
    public static float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column) =>
        One(a, b, mean, at, column);

    public static float One(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column) => a[at];

    public static DeviceLanes Sixteen(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column) => DeviceLanes.Load(a, at);
}

/// <summary>(a − mean)².</summary>
internal readonly struct SquareTerm : ILaneTerm
{
    public static float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column) =>
        One(a, b, mean, at, column);

    public static float One(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column)
    {
        float difference = a[at] - mean[column];
        return difference * difference;
    }

    public static DeviceLanes Sixteen(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column)
    {
        DeviceLanes difference = DeviceLanes.Subtract(DeviceLanes.Load(a, at), DeviceLanes.Load(mean, column));
        return DeviceLanes.Multiply(difference, difference);
    }
}

/// <summary>b·(a − mean).</summary>
internal readonly struct ProductTerm : ILaneTerm
{
    public static float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column) =>
        One(a, b, mean, at, column);

    public static float One(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column) =>
        b[at] * (a[at] - mean[column]);

    public static DeviceLanes Sixteen(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, long at, int column) =>
        DeviceLanes.Multiply(DeviceLanes.Load(b, at), DeviceLanes.Subtract(DeviceLanes.Load(a, at), DeviceLanes.Load(mean, column)));
}

/// <summary>a where the row's label is the column.</summary>
internal readonly struct LabelTerm : IColumnTerm
{
    public static float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column) =>
        labels[row] == column && ignored.Counts(labels[row]) ? a[at] : 0;
}

/// <summary>a where the row's label counts.</summary>
internal readonly struct CountedTerm : IColumnTerm
{
    public static float Value(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, long at, int row, int column) =>
        ignored.Counts(labels[row]) ? a[at] : 0;
}
