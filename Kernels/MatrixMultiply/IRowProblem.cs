namespace NativeFree.Kernels;

/// <summary>A stretch of one row of A: its element t lies at At + t · the problem's step and counts where First ≤ t &lt; First + Count; the others are 0.</summary>
internal readonly record struct Stretch(long At, int First, int Count);

/// <summary>
/// Where A lies for a kernel that walks along whole rows: k runs over stretches of equal length, inside which a row's elements are a fixed distance apart. A stretch is a row of a filter, a tap, a row of pixels, or all of k.
/// </summary>
internal interface IRowProblem
{
    Place Row(int row, int group);

    Stretch Begin(Place row, int stretch);
}

/// <summary>A stored matrix, as it is (row step K, step 1) or transposed (row step 1, step M); one stretch.</summary>
internal readonly record struct StoredRows(long RowStep, long GroupStep, int Depth) : IRowProblem
{
    public Place Row(int row, int group) => new((row * RowStep) + (group * GroupStep), 0, 0);

    public Stretch Begin(Place row, int stretch) => new(row.At, 0, Depth);
}
