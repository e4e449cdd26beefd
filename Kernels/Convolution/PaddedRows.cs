namespace NativeFree.Kernels;

/// <summary>The input with the columns of zeros that its filter rows reach left and right, [N, H, Width, C], so that a filter row is one contiguous run at every pixel. The input itself where nothing is missing.</summary>
internal readonly unsafe struct PaddedRows : IDisposable
{
    private readonly DeviceBuffer? copy;

    private PaddedRows(float* pointer, int width, DeviceBuffer? copy)
    {
        Pointer = pointer;
        Width = width;
        this.copy = copy;
    }

    public float* Pointer { get; }

    public int Width { get; }

    /// <summary>Columns of the padded copy.</summary>
    public static int WidthOf(ConvolutionGeometry g) => Math.Max(g.PadLeft + g.InWidth, ((g.OutWidth - 1) * g.StrideX) + g.KernelWidth);

    public static PaddedRows Of(CpuDevice device, ConvolutionGeometry g, Tensor x)
    {
        int width = WidthOf(g), channels = g.InChannels;
        if (width == g.InWidth)
            return new PaddedRows(x.Pointer, width, null);
        int rows = g.Batch * g.InHeight, before = g.PadLeft * channels, inside = g.InWidth * channels, all = width * channels;
        DeviceBuffer copy = device.Pool.Rent((long)rows * all);
        float* source = x.Pointer, destination = (float*)copy.Address;
        device.Crew.For(rows, device.Crew.Grain(rows), (from, to) =>
        {
            for (int r = from; r < to; r++)
            {
                var row = new Span<float>(destination + ((long)r * all), all);
                row[..before].Clear();
                new ReadOnlySpan<float>(source + ((long)r * inside), inside).CopyTo(row[before..]);
                row[(before + inside)..].Clear();
            }
        });
        return new PaddedRows(destination, width, copy);
    }

    public void Dispose() => copy?.Release();
}
