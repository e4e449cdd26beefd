namespace NativeFree.Kernels;

/// <summary>Matrix products on the device: the tiled product over two stored matrices.</summary>
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

        GpuProduct product = new(device, m, n, k, 1);
        if (transposeA && transposeB)
            product.Run(a, b, y, epilogue, new BothTransposedProduct(m, n, k));
        else if (transposeA)
            product.Run(a, b, y, epilogue, new LeftTransposedProduct(m, n, k));
        else if (transposeB)
            product.Run(a, b, y, epilogue, new RightTransposedProduct(m, n, k));
        else
            product.Run(a, b, y, epilogue, new PlainProduct(m, n, k));
        y.Touch(a, b, epilogue.Bias, epilogue.Addend);
    }
}
