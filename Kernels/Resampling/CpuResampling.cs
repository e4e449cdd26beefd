namespace NativeFree.Kernels;

/// <summary>The CPU's resampling of activations: vectors along channels, threads over pixels of the side that is written.</summary>
internal sealed unsafe class CpuResampling(CpuDevice device) : IResampling
{
    public void Nearest((int Y, int X) scale, Tensor x, Tensor y)
    {
        Check("UpsampleNearest", x, y);
        RequireScaled(scale, x, y);
        device.Crew.Run(Pixels(y), y.Shape[3], new NearestKernel(scale, x.Shape[1], x.Shape[2], x.Shape[3], x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void NearestBackward((int Y, int X) scale, Tensor gy, Tensor gx)
    {
        Check("UpsampleNearest.Backward", gx, gy);
        RequireScaled(scale, gx, gy);
        device.Crew.Run(Pixels(gx), (long)scale.Y * scale.X * gx.Shape[3], new NearestGradientKernel(scale, gx.Shape[2], gx.Shape[3], gy.Pointer, gx.Pointer));
        gx.Touch(gy);
    }

    public void Bilinear(bool alignCorners, Tensor x, Tensor y)
    {
        Check("ResizeBilinear", x, y);
        var rows = new BilinearAxis(x.Shape[1], y.Shape[1], alignCorners);
        var columns = new BilinearAxis(x.Shape[2], y.Shape[2], alignCorners);
        device.Crew.Run(Pixels(y), 4L * y.Shape[3], new BilinearKernel(rows, columns, x.Shape[3], x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void BilinearBackward(bool alignCorners, Tensor gy, Tensor gx)
    {
        Check("ResizeBilinear.Backward", gx, gy);
        var rows = new BilinearAxis(gx.Shape[1], gy.Shape[1], alignCorners);
        var columns = new BilinearAxis(gx.Shape[2], gy.Shape[2], alignCorners);
        device.Crew.Run(Pixels(gx), 4L * gy.Count / Math.Max(Pixels(gx), 1), new BilinearGradientKernel(rows, columns, gx.Shape[3], gy.Pointer, gx.Pointer));
        gx.Touch(gy);
    }

    private static int Pixels(Tensor x) => checked(x.Shape[0] * x.Shape[1] * x.Shape[2]);

    private void Check(string where, Tensor x, Tensor y)
    {
        device.Expect(where, x, y);
        if (x.Shape.Rank != 4 || y.Shape.Rank != 4 || x.Shape[0] != y.Shape[0] || x.Shape[3] != y.Shape[3])
            throw new ShapeException($"{where}: tensors are [N, H, W, C] with equal batch and channels; got {x.Shape} and {y.Shape}.");
    }

    private static void RequireScaled((int Y, int X) scale, Tensor x, Tensor y) =>
        ShapeException.RequireEqual("UpsampleNearest", new Shape(x.Shape[0], x.Shape[1] * scale.Y, x.Shape[2] * scale.X, x.Shape[3]), y.Shape);
}
