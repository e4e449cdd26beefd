namespace NativeFree.Kernels;

/// <summary>The CPU's pooling: vectors along channels, threads over pixels of the side that is written, so that every value is made by one thread in one order.</summary>
internal sealed unsafe class CpuPooling(CpuDevice device) : IPooling
{
    public void Max(PoolingGeometry geometry, Tensor x, Tensor y, Tensor? argument)
    {
        Check("MaxPooling", geometry, x, y);
        device.Expect("MaxPooling", argument);
        if (argument is not null)
            ShapeException.RequireEqual("MaxPooling", geometry.OutShape, argument.Shape);
        (WindowAxis rows, WindowAxis columns) = WindowAxis.Of(geometry);
        int window = geometry.KernelHeight * geometry.KernelWidth;
        if (argument is null)
        {
            device.Crew.Run(Pixels(geometry.OutShape), (long)window * geometry.Channels, new MaxPoolingKernel(rows, columns, geometry.Channels, x.Pointer, y.Pointer));
        }
        else
        {
            device.Crew.Run(Pixels(geometry.OutShape), (long)window * geometry.Channels, new MaxArgumentKernel(rows, columns, geometry.Channels, x.Pointer, y.Pointer, argument.Pointer));
            argument.Touch();
        }
        y.Touch();
    }

    public void MaxBackward(PoolingGeometry geometry, Tensor argument, Tensor gy, Tensor gx)
    {
        Check("MaxPooling.Backward", geometry, gx, gy);
        device.Expect("MaxPooling.Backward", argument);
        ShapeException.RequireEqual("MaxPooling.Backward", geometry.OutShape, argument.Shape);
        (WindowAxis rows, WindowAxis columns) = WindowAxis.Of(geometry);
        device.Crew.Run(Pixels(geometry.InShape), 4L * geometry.Channels, new MaxGradientKernel(rows, columns, geometry.Channels, argument.Pointer, gy.Pointer, gx.Pointer));
        gx.Touch(argument, gy);
    }

    public void Average(PoolingGeometry geometry, PoolingDivisor divisor, Tensor x, Tensor y)
    {
        Check("AveragePooling", geometry, x, y);
        (WindowAxis rows, WindowAxis columns) = WindowAxis.Of(geometry);
        int window = geometry.KernelHeight * geometry.KernelWidth;
        // A global average has one window an image: the channels are cut as well, so that there is work for all threads.
        int slices = Pixels(geometry.OutShape) < 64 ? (geometry.Channels + AveragePoolingKernel.Slice - 1) / AveragePoolingKernel.Slice : 1;
        device.Crew.Run(Pixels(geometry.OutShape) * Math.Max(slices, 1), (long)window * geometry.Channels / Math.Max(slices, 1),
            new AveragePoolingKernel(rows, columns, geometry.Channels, Math.Max(slices, 1), divisor, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void AverageBackward(PoolingGeometry geometry, PoolingDivisor divisor, Tensor gy, Tensor gx)
    {
        Check("AveragePooling.Backward", geometry, gx, gy);
        (WindowAxis rows, WindowAxis columns) = WindowAxis.Of(geometry);
        device.Crew.Run(Pixels(geometry.InShape), 4L * geometry.Channels, new AverageGradientKernel(rows, columns, geometry.Channels, divisor, gy.Pointer, gx.Pointer));
        gx.Touch(gy);
    }

    private static int Pixels(Shape shape) => checked(shape[0] * shape[1] * shape[2]);

    private void Check(string where, PoolingGeometry geometry, Tensor x, Tensor y)
    {
        device.Expect(where, x, y);
        ShapeException.RequireEqual(where, geometry.InShape, x.Shape);
        ShapeException.RequireEqual(where, geometry.OutShape, y.Shape);
    }
}
