namespace NativeFree.Kernels;

/// <summary>The ways in which a device computes. All give the same numbers to rounding; for products and convolutions a choice is made for each shape, between <see cref="Items"/> and <see cref="Lanes"/> for each device.</summary>
public enum KernelVariant
{
    /// <summary>Tiles of 64 × 64 in shared memory, 16 × 16 work-items of 4 × 4 sums each.</summary>
    Tiled,

    /// <summary>One work-item a group computes 6 rows × 16 columns in vector registers.</summary>
    Rows16,

    /// <summary>6 rows × 32 columns.</summary>
    Rows32,

    /// <summary>6 rows × 64 columns.</summary>
    Rows64,

    /// <summary>Winograd F(4×4, 3×3): a quarter of the multiplications, for 3×3 filters with stride 1; prepared convolutions only.</summary>
    Winograd,

    /// <summary>Directly, for groups of one channel: there is nothing to multiply as matrices.</summary>
    Depthwise,

    /// <summary>A work-item makes one value, neighbours neighbouring channels: what a GPU wants of pooling, sums, softmax and depthwise convolution. No product is computed so.</summary>
    Items,

    /// <summary>One work-item a group makes sixteen neighbouring channels at once: the same for drivers that run work-items on a processor. No product is computed so.</summary>
    Lanes,

    /// <summary>SIMD engine: the sums of the definition over a packed filter, read and shared out as a rule says.</summary>
    Direct,

    /// <summary>SIMD engine: Winograd F(4×4, 3×3) in blocks of tiles whose transforms stay in L2; the transformed filter is read again for each block.</summary>
    WinogradBlocks,

    /// <summary>SIMD engine: Winograd F(4×4, 3×3) in three phases over all tiles; the transformed filter is read once.</summary>
    WinogradPhases,

    /// <summary>SIMD engine: <see cref="Direct"/>, a run of k for each element of the filter, its input channels.</summary>
    DirectTaps,

    /// <summary>
    /// SIMD engine: <see cref="Direct"/>, a run of k for each row of the filter over a copy of the input that is padded left and right; for one group without dilation along rows. The bits of <see cref="DirectTaps"/> where sums
    /// have at most 1024 terms; longer ones are cut elsewhere and equal to rounding.
    /// </summary>
    DirectRows,

    /// <summary>SIMD engine: <see cref="Direct"/>, pixels shared out between the threads; each reads the whole filter. Its bits.</summary>
    DirectPixels,

    /// <summary>SIMD engine: <see cref="Direct"/>, panels of the filter shared out between the threads; each reads all pixels. Its bits.</summary>
    DirectPanels,

    /// <summary>SIMD engine: Winograd F(2×2, 3×3) in three phases: 2.25 times fewer multiplications, its filter 16/9 of the definition's.</summary>
    WinogradSmallTiles,
}

/// <summary>What is computed.</summary>
public enum ProductKind
{
    /// <summary>A product of two stored matrices.</summary>
    Product,

    /// <summary>y of a convolution: rows are output pixels, columns output channels.</summary>
    Forward,

    /// <summary>The same with a filter that was prepared before, packed or transformed.</summary>
    Prepared,

    /// <summary>gx of a convolution, or a transposed convolution: rows are input pixels, columns input channels.</summary>
    InputGradient,

    /// <summary>gw of a convolution: rows are taps and input channels, columns output channels.</summary>
    FilterGradient,
}

/// <summary>The extents by which a variant is chosen. Rows, columns and depth are those of one group.</summary>
/// <param name="Kind">What is computed.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Columns">Columns of the result.</param>
/// <param name="Depth">Terms of each sum.</param>
/// <param name="Groups">Groups of channels; 1 for a matrix product.</param>
/// <param name="Taps">Elements of the filter; 0 for a matrix product.</param>
/// <param name="Stride">Of the convolution along rows; 0 for a matrix product.</param>
public readonly record struct ProductShape(ProductKind Kind, int Rows, int Columns, int Depth, int Groups, int Taps, int Stride)
{
    /// <summary>Multiplications and additions.</summary>
    public double Flops => 2.0 * Rows * Columns * Depth * Groups;

    /// <summary>As a table writes it: <c>Forward 3136 64 576 1 9 1</c>.</summary>
    public override string ToString() => $"{Kind} {Rows} {Columns} {Depth} {Groups} {Taps} {Stride}";
}
