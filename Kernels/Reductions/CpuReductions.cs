namespace NativeFree.Kernels;

/// <summary>The CPU's reductions. Channels-last makes the last axis contiguous and every other one a sum of rows; both run along vectors.</summary>
internal sealed unsafe partial class CpuReductions(CpuDevice device) : IReductions
{
    public void Sum(Tensor x, int outer, int length, int inner, float scale, Tensor y)
    {
        Check(nameof(Sum), x, y, (long)outer * length * inner, (long)outer * inner);
        if (inner == 1)
        {
            device.Crew.Run(outer, length, new RowSumKernel(length, scale, x.Pointer, y.Pointer));
        }
        else
        {
            int pieces = ColumnSumKernel.Pieces(length, inner);
            using var scratch = new ScratchFloats(device.Pool, (long)outer * pieces * inner);
            device.Crew.Run(checked(outer * pieces), (long)ColumnSumKernel.Rows(inner) * inner, new ColumnSumKernel(length, inner, pieces, x.Pointer, scratch.Pointer));
            device.Crew.Run(outer, (long)pieces * inner, new PieceSumKernel(inner, pieces, scale, scratch.Pointer, y.Pointer));
        }
        y.Touch();
    }

    public void Spread(Tensor x, int outer, int length, int inner, float scale, Tensor y)
    {
        Check(nameof(Spread), x, y, (long)outer * inner, (long)outer * length * inner);
        device.Crew.Run(checked(outer * length), inner, new SpreadKernel(length, inner, scale, x.Pointer, y.Pointer));
        y.Touch(x);
    }

    public double Dot(Tensor x, Tensor y)
    {
        device.Expect(nameof(Dot), x, y);
        ShapeException.RequireEqual(nameof(Dot), x.Shape, y.Shape);
        int blocks = Flat.Blocks(x.Count);
        using var scratch = new ScratchFloats(device.Pool, 2L * blocks);
        double* partial = (double*)scratch.Pointer;
        device.Crew.Run(blocks, Flat.Block, new DotKernel(x.Pointer, y.Pointer, x.Count, partial));
        double sum = 0;
        for (int i = 0; i < blocks; i++)
            sum += partial[i];
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return sum;
    }

    public bool AllFinite(Tensor x)
    {
        device.Expect(nameof(AllFinite), x);
        int blocks = Flat.Blocks(x.Count);
        using var scratch = new ScratchFloats(device.Pool, blocks);
        device.Crew.Run(blocks, Flat.Block, new FiniteKernel(x.Pointer, x.Count, scratch.Pointer));
        GC.KeepAlive(x);
        for (int i = 0; i < blocks; i++)
        {
            if (scratch.Pointer[i] != 0)
                return false;
        }
        return true;
    }

    public void ArgMax(Tensor x, Span<int> indices)
    {
        device.Expect(nameof(ArgMax), x);
        int length = x.Shape[-1];
        if (length == 0 || indices.Length != x.Count / length)
            throw new ShapeException($"ArgMax: one place a row of a last axis that is not empty; x = {x.Shape}, {indices.Length} places.");
        fixed (int* places = indices)
            device.Crew.Run(indices.Length, length, new ArgMaxKernel(length, x.Pointer, places));
        GC.KeepAlive(x);
    }

    private void Check(string where, Tensor x, Tensor y, long xCount, long yCount)
    {
        device.Expect(where, x, y);
        if (x.Count != xCount || y.Count != yCount)
            throw new ShapeException($"{where}: element counts follow from outer, length and inner; expected {xCount} and {yCount}, got x = {x.Shape}, y = {y.Shape}.");
    }
}
