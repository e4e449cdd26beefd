namespace NativeFree.Kernels;

internal sealed unsafe partial class CpuReductions
{
    public void Softmax(Tensor x, int outer, int length, int inner, Tensor y)
    {
        long count = (long)outer * length * inner;
        Check(nameof(Softmax), x, y, count, count);
        if (inner == 1)
            device.Crew.Run(outer, 8L * length, new SoftmaxKernel(length, false, x.Pointer, y.Pointer));
        else
            device.Crew.Run(outer, 8L * length * inner, new InnerSoftmaxKernel(length, inner, false, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void LogSoftmax(Tensor x, int outer, int length, int inner, Tensor y)
    {
        long count = (long)outer * length * inner;
        Check(nameof(LogSoftmax), x, y, count, count);
        if (inner == 1)
            device.Crew.Run(outer, 8L * length, new SoftmaxKernel(length, true, x.Pointer, y.Pointer));
        else
            device.Crew.Run(outer, 8L * length * inner, new InnerSoftmaxKernel(length, inner, true, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void SoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx) => Backward(nameof(SoftmaxBackward), y, gy, outer, length, inner, gx, false);

    public void LogSoftmaxBackward(Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx) => Backward(nameof(LogSoftmaxBackward), y, gy, outer, length, inner, gx, true);

    private void Backward(string where, Tensor y, Tensor gy, int outer, int length, int inner, Tensor gx, bool logarithm)
    {
        long count = (long)outer * length * inner;
        Check(where, y, gx, count, count);
        device.Expect(where, gy);
        ShapeException.RequireEqual(where, y.Shape, gy.Shape);
        device.Crew.Run(checked(outer * inner), 4L * length, new SoftmaxGradientKernel(length, inner, logarithm, y.Pointer, gy.Pointer, gx.Pointer));
        gx.Touch(y, gy);
    }
}
