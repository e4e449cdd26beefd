using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Sums over the middle axis of [outer, length, inner], in two launches: over pieces, then over their sums.</summary>
internal readonly struct GpuColumns(GpuDevice device, int outer, int length, int inner)
{
    // A piece is long enough to keep its group busy; there are never so many that their sums take longer.
    private const int LeastRows = 256;
    private const int MostPieces = 256;

    /// <summary>Σ by the kernel that suits the device.</summary>
    public void Sum<TTerm>(Tensor a, Tensor? b, Tensor? mean, float scale, Tensor y)
        where TTerm : struct, ILaneTerm
    {
        if (!device.Choices.ByLanes || inner < DeviceLanes.Count)
        {
            Sum<TTerm>(a, b, mean, default, default, scale, y);
            return;
        }
        (int pieces, int rows) = Pieces();
        long count = (long)outer * inner;
        if (count == 0)
            return;
        using GpuScratch partial = new(device, count * pieces);
        LaneSumLaunch.Columns<TTerm>(
            device.Stream, ((inner + DeviceLanes.Count - 1) / DeviceLanes.Count, pieces, outer), device.View(a), device.View(b), device.View(mean), partial.View, new SumArguments(length, inner, pieces, rows));
        ReductionLaunch.SumPieces(device.Stream, DeviceIndex.GridFor(count), partial.View, device.View(y), pieces, inner, scale, count);
    }

    /// <summary>Σ by work-items of a column each.</summary>
    public void Sum<TTerm>(Tensor a, Tensor? b, Tensor? mean, ArrayView<int> labels, IgnoredLabel ignored, float scale, Tensor y)
        where TTerm : struct, IColumnTerm
    {
        (int pieces, int rows) = Pieces();
        long count = (long)outer * inner;
        if (count == 0)
            return;
        using GpuScratch partial = new(device, count * pieces);
        SumArguments sum = new(length, inner, pieces, rows);
        // The grid's Z is short on some devices.
        for (int first = 0; first < outer; first += MostOuter)
        {
            int some = Math.Min(outer - first, MostOuter);
            ReductionLaunch.ColumnSums<TTerm>(
                device.Stream, ((inner + ReductionKernels.Lanes - 1) / ReductionKernels.Lanes, pieces, some), From(device.View(a), (long)first * length * inner), device.View(b), device.View(mean), labels,
                ignored, From(partial.View, (long)first * pieces * inner), sum);
        }
        ReductionLaunch.SumPieces(device.Stream, DeviceIndex.GridFor(count), partial.View, device.View(y), pieces, inner, scale, count);
    }

    public void SumRows(Tensor x, float scale, Tensor y) => SumRows(device.View(x), scale, device.View(y));

    public void SumRows(ArrayView<float> x, float scale, ArrayView<float> y)
    {
        if (outer == 0)
            return;
        if (length < DeviceLanes.Count)
        {
            // A work-item a row: its columns are the pieces.
            ReductionLaunch.SumPieces(device.Stream, DeviceIndex.GridFor(outer), x, y, length, 1, scale, outer);
            return;
        }
        (int pieces, int rows) = Pieces();
        using GpuScratch partial = new(device, (long)outer * pieces);
        SumArguments sum = new(length, 1, pieces, rows);
        if (device.Choices.ByLanes)
            LaneRowLaunch.Sums(device.Stream, LaneRowKernels.GridFor(outer, pieces), x, partial.View, sum, outer);
        else
            ReductionLaunch.RowSums(device.Stream, (outer, pieces, 1), x, partial.View, sum);
        ReductionLaunch.SumPieces(device.Stream, DeviceIndex.GridFor(outer), partial.View, y, pieces, 1, scale, outer);
    }

    private const int MostOuter = 65535;

    private static ArrayView<float> From(ArrayView<float> view, long first) => view.SubView(first, view.Length - first);

    // At least one, so that the sum over nothing is written too.
    private (int Pieces, int Rows) Pieces()
    {
        int rows = Math.Max(LeastRows, (int)(((long)length + MostPieces - 1) / MostPieces));
        return (Math.Max((int)(((long)length + rows - 1) / rows), 1), rows);
    }
}
