namespace NativeFree.Kernels;

internal sealed unsafe partial class CpuElementwise
{
    public void CopyBox(Tensor x, ReadOnlySpan<int> xBegin, Tensor y, ReadOnlySpan<int> yBegin, ReadOnlySpan<int> size)
    {
        device.Expect(nameof(CopyBox), x, y);
        Box box = Box.Create(x.Shape, xBegin, y.Shape, yBegin, size);
        device.Crew.Run(box.Rows, box.RowLength, new BoxKernel(box, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y)
    {
        device.Expect(nameof(Permute), x, y);
        Permutation permutation = Permutation.Create(x.Shape, axes, y.Shape);
        device.Crew.Run(permutation.Rows, permutation.RowLength, new PermuteKernel(permutation, x.Pointer, y.Pointer));
        y.Touch(x);
    }
}
