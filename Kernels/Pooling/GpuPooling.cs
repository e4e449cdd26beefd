namespace NativeFree.Kernels;

/// <summary>Pooling on the device.</summary>
internal sealed class GpuPooling(GpuDevice device) : IPooling
{
    public void Max(PoolingGeometry geometry, Tensor x, Tensor y, Tensor? argument)
    {
        Check("MaxPooling", geometry, x, y);
        device.Expect("MaxPooling", argument);
        if (argument is not null)
            ShapeException.RequireEqual("MaxPooling", geometry.OutShape, argument.Shape);
        PoolingSizes sizes = PoolingSizes.Of(geometry, PoolingDivisor.One);
        if (device.Choices.ByLanes)
            LanePoolingLaunch.Max(device.Stream, LaneSpan.GridFor(y), device.View(x), device.View(y), device.View(argument), sizes, argument is null ? 0 : 1);
        else
            PoolingLaunch.Max(device.Stream, DeviceIndex.GridForPixels(y), device.View(x), device.View(y), device.View(argument), sizes, argument is null ? 0 : 1);
        argument?.Touch();
        y.Touch(x);
    }

    public void MaxBackward(PoolingGeometry geometry, Tensor argument, Tensor gy, Tensor gx)
    {
        Check("MaxPooling.Backward", geometry, gx, gy);
        device.Expect("MaxPooling.Backward", argument);
        ShapeException.RequireEqual("MaxPooling.Backward", geometry.OutShape, argument.Shape);
        PoolingSizes sizes = PoolingSizes.Of(geometry, PoolingDivisor.One);
        if (device.Choices.ByLanes)
            LanePoolingLaunch.MaxBackward(device.Stream, LaneSpan.GridFor(gx), device.View(argument), device.View(gy), device.View(gx), sizes);
        else
            PoolingLaunch.MaxBackward(device.Stream, DeviceIndex.GridForPixels(gx), device.View(argument), device.View(gy), device.View(gx), sizes);
        gx.Touch(argument, gy);
    }

    public void Average(PoolingGeometry geometry, PoolingDivisor divisor, Tensor x, Tensor y)
    {
        Check("AveragePooling", geometry, x, y);
        if (device.Choices.ByLanes)
            LanePoolingLaunch.Average(device.Stream, LaneSpan.GridFor(y), device.View(x), device.View(y), PoolingSizes.Of(geometry, divisor));
        else
            PoolingLaunch.Average(device.Stream, DeviceIndex.GridForPixels(y), device.View(x), device.View(y), PoolingSizes.Of(geometry, divisor));
        y.Touch(x);
    }

    public void AverageBackward(PoolingGeometry geometry, PoolingDivisor divisor, Tensor gy, Tensor gx)
    {
        Check("AveragePooling.Backward", geometry, gx, gy);
        if (device.Choices.ByLanes)
            LanePoolingLaunch.AverageBackward(device.Stream, LaneSpan.GridFor(gx), device.View(gy), device.View(gx), PoolingSizes.Of(geometry, divisor));
        else
            PoolingLaunch.AverageBackward(device.Stream, DeviceIndex.GridForPixels(gx), device.View(gy), device.View(gx), PoolingSizes.Of(geometry, divisor));
        gx.Touch(gy);
    }

    private void Check(string where, PoolingGeometry geometry, Tensor x, Tensor y)
    {
        device.Expect(where, x, y);
        ShapeException.RequireEqual(where, geometry.InShape, x.Shape);
        ShapeException.RequireEqual(where, geometry.OutShape, y.Shape);
    }
}
