namespace NativeFree.Kernels;

/// <summary>Matrix products of two stored matrices on the device, by the variant chosen for their sizes.</summary>
internal sealed class GpuMatrixMultiply(GpuDevice device) : IMatrixMultiply
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

        ProductShape shape = new(ProductKind.Product, m, n, k, 1, 0, 0);
        GpuProduct product = new(device, shape);
        KernelVariant variant = device.Choices.For(shape, winograd: false, depthwise: false);
        ProductOperands on = new(device.View(a), device.View(b), device.View(y), n, 0);
        RowWalk<StoredRows> walk = new(transposeA ? new StoredRows(1, 0, k) : new StoredRows(k, 0, k), 1, k, transposeA ? m : 1, transposeB ? 0 : n, 0);
        if (transposeA && transposeB)
            product.Run(variant, on, epilogue, new BothTransposedProduct(m, n, k), walk);
        else if (transposeA)
            product.Run(variant, on, epilogue, new LeftTransposedProduct(m, n, k), walk);
        else if (transposeB)
            product.Run(variant, on, epilogue, new RightTransposedProduct(m, n, k), walk);
        else
            product.Run(variant, on, epilogue, new PlainProduct(m, n, k), walk);
        y.Touch(a, b, epilogue.Bias, epilogue.Addend);
    }
}
