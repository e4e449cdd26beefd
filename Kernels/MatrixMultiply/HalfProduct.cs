namespace NativeFree.Kernels;

/// <summary>A dense layer's product with constant weights in 16 bits, for a fixed number of rows: as <see cref="FewRows"/> where they are few, else as a 1×1 convolution.</summary>
internal sealed unsafe class HalfProduct
{
    private readonly CpuDevice device;
    private readonly HalfWeights? weights;
    private readonly Tensor? bias;
    private readonly PreparedConvolution? panels;
    private readonly bool relu;
    private readonly int rows;
    private readonly int depth;
    private readonly int columns;

    private HalfProduct(CpuDevice device, int rows, Tensor w, Tensor? bias, bool relu, HalfWeights? weights, PreparedConvolution? panels)
    {
        (this.device, this.rows, this.relu, this.weights, this.panels) = (device, rows, relu, weights, panels);
        (depth, columns) = (w.Shape[0], w.Shape[1]);
        this.bias = bias is null || weights is null ? null : Scope.Detach(Tensor.From(device, bias.Shape, bias.Span));
    }

    /// <summary>Bytes of weights held.</summary>
    public long Bytes => weights?.Bytes ?? panels!.Bytes;

    /// <summary>Prepares y[rows,N] = max(x·w + bias, 0 or −∞), w [K,N]; null where 16 bits cannot hold the weights.</summary>
    public static HalfProduct? Of(CpuDevice device, int rows, Tensor w, Tensor? bias, bool relu)
    {
        if (rows <= FewRows.Most)
            return HalfWeights.OfPanels(device, w.Pointer, w.Shape[0], w.Shape[1], FewRows.Columns) is { } weights ? new HalfProduct(device, rows, w, bias, relu, weights, null) : null;
        int depth = w.Shape[0], columns = w.Shape[1];
        ConvolutionGeometry geometry = ConvolutionGeometry.Create(new Shape(1, 1, rows, depth), new Shape(1, 1, depth, columns), (1, 1), Padding.None, (1, 1), 1);
        PackedConvolution panels = new(device, geometry, w, bias, relu, false, columns, format: WeightFormat.Half);
        return panels.IsHalf ? new HalfProduct(device, rows, w, bias, relu, null, panels) : null;
    }

    /// <summary>x [rows,K] in any shape of as many values, y [rows,N].</summary>
    public void Run(Tensor x, Tensor y)
    {
        if (panels is not null)
        {
            panels.Run(x, y, 0, null);
            return;
        }
        new FewRows(device, x.Pointer, rows, depth, weights!, columns, y.Pointer, new Epilogue(bias, null, relu)).Run();
        y.Touch();
    }
}
