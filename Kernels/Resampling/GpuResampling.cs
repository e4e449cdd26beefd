using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Resampling of activations on the device.</summary>
internal sealed class GpuResampling(GpuDevice device) : IResampling
{
    public void Nearest((int Y, int X) scale, Tensor x, Tensor y)
    {
        Check("UpsampleNearest", x, y);
        RequireScaled(scale, x, y);
        if (device.Choices.ByLanes)
            LaneResamplingLaunch.Nearest(device.Stream, LaneSpan.GridFor(y), device.View(x), device.View(y), Sizes(x, y, scale, y.Count));
        else
            ResamplingLaunch.Nearest(device.Stream, DeviceIndex.GridForPixels(y), device.View(x), device.View(y), Sizes(x, y, scale, y.Count));
        y.Touch(x);
    }

    public void NearestBackward((int Y, int X) scale, Tensor gy, Tensor gx)
    {
        Check("UpsampleNearest.Backward", gx, gy);
        RequireScaled(scale, gx, gy);
        if (device.Choices.ByLanes)
            LaneResamplingLaunch.NearestBackward(device.Stream, LaneSpan.GridFor(gx), device.View(gy), device.View(gx), Sizes(gx, gy, scale, gx.Count));
        else
            ResamplingLaunch.NearestBackward(device.Stream, DeviceIndex.GridForPixels(gx), device.View(gy), device.View(gx), Sizes(gx, gy, scale, gx.Count));
        gx.Touch(gy);
    }

    public void Bilinear(bool alignCorners, Tensor x, Tensor y)
    {
        Check("ResizeBilinear", x, y);
        if (y.Count == 0)
            return;
        using Axis rows = new(device, x.Shape[1], y.Shape[1], alignCorners);
        using Axis columns = new(device, x.Shape[2], y.Shape[2], alignCorners);
        if (device.Choices.ByLanes)
            LaneResamplingLaunch.Bilinear(device.Stream, LaneSpan.GridFor(y), device.View(x), device.View(y), rows.Table, rows.Weights, columns.Table, columns.Weights, Sizes(x, y, (1, 1), y.Count));
        else
            ResamplingLaunch.Bilinear(device.Stream, DeviceIndex.GridForPixels(y), device.View(x), device.View(y), rows.Table, rows.Weights, columns.Table, columns.Weights, Sizes(x, y, (1, 1), y.Count));
        y.Touch(x);
    }

    public void BilinearBackward(bool alignCorners, Tensor gy, Tensor gx)
    {
        Check("ResizeBilinear.Backward", gx, gy);
        if (gx.Count == 0)
            return;
        using Axis rows = new(device, gx.Shape[1], gy.Shape[1], alignCorners);
        using Axis columns = new(device, gx.Shape[2], gy.Shape[2], alignCorners);
        if (device.Choices.ByLanes)
            LaneResamplingLaunch.BilinearBackward(device.Stream, LaneSpan.GridFor(gx), device.View(gy), device.View(gx), rows.Table, rows.Weights, columns.Table, columns.Weights, Sizes(gx, gy, (1, 1), gx.Count));
        else
            ResamplingLaunch.BilinearBackward(device.Stream, DeviceIndex.GridForPixels(gx), device.View(gy), device.View(gx), rows.Table, rows.Weights, columns.Table, columns.Weights, Sizes(gx, gy, (1, 1), gx.Count));
        gx.Touch(gy);
    }

    private static ResizeSizes Sizes(Tensor x, Tensor y, (int Y, int X) scale, long count) =>
        new(x.Shape[1], x.Shape[2], x.Shape[3], y.Shape[1], y.Shape[2], scale.Y, scale.X, count);

    private void Check(string where, Tensor x, Tensor y)
    {
        device.Expect(where, x, y);
        if (x.Shape.Rank != 4 || y.Shape.Rank != 4 || x.Shape[0] != y.Shape[0] || x.Shape[3] != y.Shape[3])
            throw new ShapeException($"{where}: tensors are [N, H, W, C] with equal batch and channels; got {x.Shape} and {y.Shape}.");
    }

    private static void RequireScaled((int Y, int X) scale, Tensor x, Tensor y) =>
        ShapeException.RequireEqual("UpsampleNearest", new Shape(x.Shape[0], x.Shape[1] * scale.Y, x.Shape[2] * scale.X, x.Shape[3]), y.Shape);

    /// <summary>A bilinear axis on the device: lower and upper inputs of every output, first and end output of every input; and the weights.</summary>
    private readonly struct Axis : IDisposable
    {
        private readonly GpuScratch table;
        private readonly GpuScratch weights;

        public Axis(GpuDevice device, int inputs, int outputs, bool alignCorners)
        {
            BilinearAxis axis = new(inputs, outputs, alignCorners);
            int[] entries = [.. axis.Lower, .. axis.Upper, .. axis.FirstUse, .. axis.EndUse];
            table = new GpuScratch(device, entries.Length);
            weights = new GpuScratch(device, outputs);
            Table = table.Upload(entries);
            Weights = weights.Upload(axis.Weight);
        }

        public ArrayView<int> Table { get; }

        public ArrayView<float> Weights { get; }

        public void Dispose()
        {
            table.Dispose();
            weights.Dispose();
        }
    }
}
