namespace NativeFree.Kernels;

/// <summary>
/// Matrix products on the SIMD engine. A·B is a 1×1 convolution whose pixels are the rows of A; few rows of A (a dense layer at small batch) stream B once from memory in <see cref="FewRows"/>.
/// </summary>
internal sealed unsafe class CpuMatrixMultiply(CpuDevice device) : IMatrixMultiply
{
    public void Multiply(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor y, in Epilogue epilogue)
    {
        device.Expect("MatrixMultiply", a, b, y, epilogue.Bias, epilogue.Addend);
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2 || y.Shape.Rank != 2)
            throw new ShapeException($"MatrixMultiply: operands have two axes; a = {a.Shape}, b = {b.Shape}, y = {y.Shape}.");
        (int m, int k) = transposeA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        (int kb, int n) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        if (k != kb || y.Shape[0] != m || y.Shape[1] != n)
            throw new ShapeException($"MatrixMultiply: [M, K]·[K, N] gives [M, N]; a = {a.Shape}{(transposeA ? "ᵀ" : "")}, b = {b.Shape}{(transposeB ? "ᵀ" : "")}, y = {y.Shape}.");
        if (epilogue.Bias is { } bias && bias.Count != n)
            throw new ShapeException($"MatrixMultiply: the bias has one value per column; {n} columns, bias {bias.Shape}.");
        if (epilogue.Addend is { } addend && addend.Shape != y.Shape)
            throw new ShapeException($"MatrixMultiply: the addend has the result's shape; {y.Shape}, addend {addend.Shape}.");

        if (transposeA)
        {
            // The tile reads rows of A; a transposed copy costs M·K moves against 2·M·K·N operations.
            using Transposed rows = Transposed.Of(device, a);
            Product(rows.Pointer, m, k, n, b, transposeB, y, epilogue);
        }
        else
        {
            Product(a.Pointer, m, k, n, b, transposeB, y, epilogue);
        }
        y.Touch();
    }

    private void Product(float* a, int m, int k, int n, Tensor b, bool transposeB, Tensor y, in Epilogue epilogue)
    {
        if (!transposeB && m <= FewRows.Most)
        {
            new FewRows(device, a, m, k, b.Pointer, n, y.Pointer, epilogue).Run();
            return;
        }
        var plan = new GatherPlan
        {
            Batch = 1,
            SourceHeight = 1,
            SourceWidth = m,
            SourceChannels = k,
            DestinationHeight = 1,
            DestinationWidth = m,
            DestinationChannels = n,
            Groups = 1,
            Length = k,
            StepY = 1,
            StepX = 1,
            MoveY = 1,
            MoveX = 1,
            Phases = [new GatherPlan.Phase(0, 0, 1, m, [0], [0], [0])],
        };
        var panels = new FilterPanels
        {
            Source = b.Pointer,
            GroupStride = 0,
            TapStride = 0,
            KStride = transposeB ? 1 : n,
            ColumnStride = transposeB ? k : 1,
            Columns = n,
        };
        new GatherConvolution(device, plan, panels, a, y.Pointer, epilogue).Run();
    }
}
