using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Kernels;

/// <summary>Sums, softmax and losses on the device.</summary>
internal sealed partial class GpuReductions(GpuDevice device) : IReductions
{
    // Groups whose parts of one result are joined on the host.
    private const int PartGroups = 256;

    public void Sum(Tensor x, int outer, int length, int inner, float scale, Tensor y)
    {
        Check(nameof(Sum), x, y, (long)outer * length * inner, (long)outer * inner);
        GpuColumns columns = new(device, outer, length, inner);
        if (inner == 1)
            columns.SumRows(x, scale, y);
        else
            columns.Sum<PlainTerm>(x, null, null, scale, y);
        y.Touch(x);
    }

    public void Spread(Tensor x, int outer, int length, int inner, float scale, Tensor y)
    {
        Check(nameof(Spread), x, y, (long)outer * inner, (long)outer * length * inner);
        ReductionLaunch.Spread(device.Stream, DeviceIndex.GridFor(y.Count), device.View(x), device.View(y), length, inner, scale, y.Count);
        y.Touch(x);
    }

    public void Softmax(Tensor x, int outer, int length, int inner, Tensor y) => Normalize<SoftmaxForm>(nameof(Softmax), x, outer, length, inner, y);

    public void LogSoftmax(Tensor x, int outer, int length, int inner, Tensor y) => Normalize<LogSoftmaxForm>(nameof(LogSoftmax), x, outer, length, inner, y);

    public void SoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx) => Gradient<SoftmaxForm>(nameof(SoftmaxBackward), y, gy, outer, length, inner, gx);

    public void LogSoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx) => Gradient<LogSoftmaxForm>(nameof(LogSoftmaxBackward), y, gy, outer, length, inner, gx);

    public double Dot(Tensor x, Tensor y)
    {
        device.Expect(nameof(Dot), x, y);
        ShapeException.RequireEqual(nameof(Dot), x.Shape, y.Shape);
        if (x.Count == 0)
            return 0;
        float[] sums = new float[2 * PartGroups];
        using GpuScratch partial = new(device, sums.Length);
        ReductionLaunch.Dot(device.Stream, (PartGroups, 1, 1), device.View(x), device.View(y), partial.View, x.Count);
        partial.View.CopyToCPU(device.Stream, sums);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        double sum = 0;
        foreach (float part in sums)
            sum += part;
        return sum;
    }

    public bool AllFinite(Tensor x)
    {
        device.Expect(nameof(AllFinite), x);
        float[] found = new float[PartGroups];
        using GpuScratch partial = new(device, found.Length);
        ReductionLaunch.FindNotFinite(device.Stream, (PartGroups, 1, 1), device.View(x), partial.View, x.Count);
        partial.View.CopyToCPU(device.Stream, found);
        GC.KeepAlive(x);
        return Array.TrueForAll(found, static items => items == 0);
    }

    public void ArgMax(Tensor x, Span<int> indices)
    {
        device.Expect(nameof(ArgMax), x);
        int length = x.Shape[-1];
        if (length == 0 || indices.Length != x.Count / length)
            throw new ShapeException($"ArgMax: one place a row of a last axis that is not empty; x = {x.Shape}, {indices.Length} places.");
        using GpuScratch scratch = new(device, indices.Length);
        ArrayView<int> places = scratch.View.Cast<int>();
        if (length <= LaneShortRowKernels.MostLength && device.Choices.ByLanes)
            LaneShortRowLaunch.ArgMax(device.Stream, LaneShortRowKernels.GridFor(indices.Length), device.View(x), places, length, indices.Length);
        else if (length <= LaneRowKernels.MostPlaces && device.Choices.ByLanes)
            LaneRowLaunch.ArgMax(device.Stream, LaneRowKernels.GridFor(indices.Length, 1), device.View(x), places, length, indices.Length);
        else
            ReductionLaunch.ArgMax(device.Stream, DeviceIndex.GridFor(indices.Length), device.View(x), places, length, indices.Length);
        places.CopyToCPU(device.Stream, indices);
        GC.KeepAlive(x);
    }

    private void Normalize<TForm>(string where, Tensor x, int outer, int length, int inner, Tensor y)
        where TForm : struct, ISoftmaxForm
    {
        long count = (long)outer * length * inner;
        Check(where, x, y, count, count);
        long rows = (long)outer * inner;
        if (inner == 1 && length <= LaneShortRowKernels.MostLength && device.Choices.ByLanes)
            LaneShortRowLaunch.Forward<TForm>(device.Stream, LaneShortRowKernels.GridFor(outer), device.View(x), device.View(y), length, outer);
        else if (inner == 1 && device.Choices.ByLanes)
            LaneSoftmaxLaunch.Forward<TForm>(device.Stream, LaneSoftmaxKernels.GridFor(outer), device.View(x), device.View(y), length, outer);
        else if (inner == 1 && length >= RowSoftmaxKernels.LeastLength)
            RowSoftmaxLaunch.Forward<TForm>(device.Stream, (outer, 1, 1), device.View(x), device.View(y), length);
        else
            ReductionLaunch.Softmax<TForm>(device.Stream, DeviceIndex.GridFor(rows), device.View(x), device.View(y), new AxisArguments(length, inner, rows));
        y.Touch(x);
    }

    private void Gradient<TForm>(string where, Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx)
        where TForm : struct, ISoftmaxForm
    {
        long count = (long)outer * length * inner;
        Check(where, y, gx, count, count);
        device.Expect(where, gy);
        ShapeException.RequireEqual(where, y.Shape, gy.Shape);
        long rows = (long)outer * inner;
        if (inner == 1 && length >= DeviceLanes.Count && device.Choices.ByLanes)
            LaneSoftmaxLaunch.Backward<TForm>(device.Stream, LaneSoftmaxKernels.GridFor(outer), device.View(y), device.View(gy), device.View(gx), length, outer);
        else if (inner == 1 && length >= RowSoftmaxKernels.LeastLength)
            RowSoftmaxLaunch.Backward<TForm>(device.Stream, (outer, 1, 1), device.View(y), device.View(gy), device.View(gx), length);
        else
            ReductionLaunch.SoftmaxBackward<TForm>(device.Stream, DeviceIndex.GridFor(rows), device.View(y), device.View(gy), device.View(gx), new AxisArguments(length, inner, rows));
        gx.Touch(y, gy);
    }

    private void Check(string where, Tensor x, Tensor y, long xCount, long yCount)
    {
        device.Expect(where, x, y);
        if (x.Count != xCount || y.Count != yCount)
            throw new ShapeException($"{where}: element counts follow from outer, length and inner; expected {xCount} and {yCount}, got x = {x.Shape}, y = {y.Shape}.");
    }
}
