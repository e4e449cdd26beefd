using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Elementwise work on the device.</summary>
internal sealed class GpuElementwise(GpuDevice device) : IElementwise
{
    public void Activate(Activation f, Tensor x, Tensor y)
    {
        Check(nameof(Activate), x, y);
        Index3D grid = DeviceIndex.GridFor(y.Count);
        switch (f.Kind)
        {
            case ActivationKind.Relu:
                ElementwiseLaunch.Activate<DeviceRelu>(device.Stream, grid, device.View(x), device.View(y), f.Slope, y.Count);
                break;
            case ActivationKind.LeakyRelu:
                ElementwiseLaunch.Activate<DeviceLeakyRelu>(device.Stream, grid, device.View(x), device.View(y), f.Slope, y.Count);
                break;
            case ActivationKind.Sigmoid:
                ElementwiseLaunch.Activate<DeviceSigmoid>(device.Stream, grid, device.View(x), device.View(y), f.Slope, y.Count);
                break;
            default:
                ElementwiseLaunch.Activate<DeviceTanh>(device.Stream, grid, device.View(x), device.View(y), f.Slope, y.Count);
                break;
        }
        y.Touch(x);
    }

    public void ActivateBackward(Activation f, Tensor y, Tensor gy, Tensor gx)
    {
        Check(nameof(ActivateBackward), y, gy, gx);
        Index3D grid = DeviceIndex.GridFor(y.Count);
        switch (f.Kind)
        {
            case ActivationKind.Relu:
                ElementwiseLaunch.ActivateBackward<DeviceRelu>(device.Stream, grid, device.View(y), device.View(gy), device.View(gx), f.Slope, y.Count);
                break;
            case ActivationKind.LeakyRelu:
                ElementwiseLaunch.ActivateBackward<DeviceLeakyRelu>(device.Stream, grid, device.View(y), device.View(gy), device.View(gx), f.Slope, y.Count);
                break;
            case ActivationKind.Sigmoid:
                ElementwiseLaunch.ActivateBackward<DeviceSigmoid>(device.Stream, grid, device.View(y), device.View(gy), device.View(gx), f.Slope, y.Count);
                break;
            default:
                ElementwiseLaunch.ActivateBackward<DeviceTanh>(device.Stream, grid, device.View(y), device.View(gy), device.View(gx), f.Slope, y.Count);
                break;
        }
        gx.Touch(y, gy);
    }

    public void Combine(float alpha, Tensor a, float beta, Tensor b, Tensor y)
    {
        Check(nameof(Combine), a, b, y);
        ElementwiseLaunch.Combine(device.Stream, DeviceIndex.GridFor(y.Count), alpha, device.View(a), beta, device.View(b), device.View(y), y.Count);
        y.Touch(a, b);
    }

    public void Multiply(float scale, Tensor a, Tensor b, Tensor y)
    {
        Check(nameof(Multiply), a, b, y);
        ElementwiseLaunch.Multiply(device.Stream, DeviceIndex.GridFor(y.Count), scale, device.View(a), device.View(b), device.View(y), y.Count);
        y.Touch(a, b);
    }

    public void Scale(float factor, Tensor x, Tensor y)
    {
        Check(nameof(Scale), x, y);
        ElementwiseLaunch.Scale(device.Stream, DeviceIndex.GridFor(y.Count), factor, device.View(x), device.View(y), y.Count);
        y.Touch(x);
    }

    public void Clamp(Tensor x, float lower, float upper, Tensor y)
    {
        Check(nameof(Clamp), x, y);
        ElementwiseLaunch.Clamp(device.Stream, DeviceIndex.GridFor(y.Count), device.View(x), lower, upper, device.View(y), y.Count);
        y.Touch(x);
    }

    public void DropoutMask(ulong seed, float ratio, Tensor mask)
    {
        device.Expect(nameof(DropoutMask), mask);
        uint threshold = (uint)Math.Min(ratio * 4294967296.0, uint.MaxValue);
        ElementwiseLaunch.DropoutMask(device.Stream, DeviceIndex.GridFor(mask.Count), seed, threshold, device.View(mask), mask.Count);
        mask.Touch();
    }

    public void CopyBox(Tensor x, ReadOnlySpan<int> xBegin, Tensor y, ReadOnlySpan<int> yBegin, ReadOnlySpan<int> size)
    {
        device.Expect(nameof(CopyBox), x, y);
        // Checks that the box lies inside both.
        _ = Box.Create(x.Shape, xBegin, y.Shape, yBegin, size);
        int rank = x.Shape.Rank;
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Span<long> xStride = stackalloc long[Shape.MaxRank], yStride = stackalloc long[Shape.MaxRank];
        extents.Fill(1);
        long xStart = 0, yStart = 0, count = 1;
        for (int i = 0; i < rank; i++)
        {
            int at = Shape.MaxRank - rank + i;
            extents[at] = size[i];
            xStride[at] = x.Shape.CountFrom(i + 1);
            yStride[at] = y.Shape.CountFrom(i + 1);
            xStart += xBegin[i] * xStride[at];
            yStart += yBegin[i] * yStride[at];
            count *= size[i];
        }
        Copy(x, y, extents, xStride, yStride, xStart, yStart, count);
    }

    public void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y)
    {
        device.Expect(nameof(Permute), x, y);
        ShapeException.RequireEqual("Permute", Permutation.Permuted(x.Shape, axes), y.Shape);
        int rank = x.Shape.Rank;
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Span<long> xStride = stackalloc long[Shape.MaxRank], yStride = stackalloc long[Shape.MaxRank];
        extents.Fill(1);
        for (int i = 0; i < rank; i++)
        {
            int at = Shape.MaxRank - rank + i;
            extents[at] = y.Shape[i];
            xStride[at] = x.Shape.CountFrom(axes[i] + 1);
            yStride[at] = y.Shape.CountFrom(i + 1);
        }
        Copy(x, y, extents, xStride, yStride, 0, 0, y.Count);
    }

    private void Copy(Tensor x, Tensor y, ReadOnlySpan<int> size, ReadOnlySpan<long> xs, ReadOnlySpan<long> ys, long xStart, long yStart, long count)
    {
        BoxStrides box = new(
            size[0], size[1], size[2], size[3], size[4], size[5], xs[0], xs[1], xs[2], xs[3], xs[4], xs[5], ys[0], ys[1], ys[2], ys[3], ys[4], ys[5], xStart, yStart, count);
        ElementwiseLaunch.CopyStrided(device.Stream, DeviceIndex.GridFor(count), device.View(x), device.View(y), box);
        y.Touch(x);
    }

    private void Check(string where, Tensor first, params ReadOnlySpan<Tensor> rest)
    {
        device.Expect(where, first);
        foreach (Tensor tensor in rest)
        {
            device.Expect(where, tensor);
            ShapeException.RequireEqual(where, first.Shape, tensor.Shape);
        }
    }
}
