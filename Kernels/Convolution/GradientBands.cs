namespace NativeFree.Kernels;

/// <summary>Some lines of one image, or all lines of several.</summary>
/// <param name="Image">The first image.</param>
/// <param name="Segments">Images.</param>
/// <param name="Line">The first output line of each.</param>
/// <param name="Lines">Output lines of each.</param>
internal readonly record struct GradientBand(int Image, int Segments, int Line, int Lines);

/// <summary>
/// The bands of output lines into which a filter gradient's pixels are cut: some lines of one image, or several whole images where they are small. The cut depends on the sizes alone.
/// A 1×1 filter without padding meets single pixels: then all images are one tall one, of the input pixels that are met. Rows of a padded copy (few channels) are taken as one pixel's channels, and read where they are.
/// </summary>
internal sealed unsafe class GradientBands
{
    /// <summary>Input channels of a packed panel: eight blocks of six rows, and three vectors of 512 bits.</summary>
    public const int Panel = 48;

    // Packed bytes of a band, as far as its pixels stay within the two bounds: shorter bands read and write the gradients too often, longer ones leave a thread's L2 no room.
    private const long BandBytes = 400_000;
    private const int FewestPixels = 400;
    private const int MostPixels = 1024;

    private readonly ConvolutionGeometry g;
    private readonly int linesAtMost;
    private readonly int imagesAtMost;
    private readonly int reach;

    private GradientBands(ConvolutionGeometry geometry, float* x, float* gy, bool packsA, int inWidth)
    {
        g = geometry;
        X = x;
        Gy = gy;
        PacksA = packsA;
        Channels = packsA ? g.InChannels / g.Groups : g.KernelWidth * g.InChannels;
        Columns = g.OutChannels / g.Groups;
        IsSingle = packsA && g is { KernelHeight: 1, KernelWidth: 1, PadTop: 0, PadLeft: 0 } && (g.OutHeight - 1) * g.StrideY < g.InHeight && (g.OutWidth - 1) * g.StrideX < g.InWidth;
        Images = IsSingle ? 1 : g.Batch;
        OutHeight = IsSingle ? checked(g.Batch * g.OutHeight) : g.OutHeight;
        InHeight = IsSingle ? OutHeight : g.InHeight;
        InWidth = IsSingle ? g.OutWidth : inWidth;
        StrideY = IsSingle ? 1 : g.StrideY;
        StrideX = IsSingle ? 1 : g.StrideX;
        reach = ((g.KernelHeight - 1) * g.DilationY) + 1;
        long perPixel = sizeof(float) * (((long)(g.InChannels / g.Groups) * StrideY * StrideX) + Columns);
        int pixels = (int)Math.Clamp(BandBytes / perPixel, FewestPixels, MostPixels);
        linesAtMost = Math.Clamp(pixels / OutWidth, 1, OutHeight);
        imagesAtMost = Math.Clamp(pixels / checked(OutHeight * OutWidth), 1, Images);
        Count = linesAtMost < OutHeight ? checked(Images * Parts) : (Images + imagesAtMost - 1) / imagesAtMost;
    }

    public float* X { get; }

    public float* Gy { get; }

    /// <summary>Whether the input is packed.</summary>
    public bool PacksA { get; }

    /// <summary>Whether the input is packed without the pixels that no output meets.</summary>
    public bool IsSingle { get; }

    /// <summary>Rows of a tap's gradient.</summary>
    public int Channels { get; }

    /// <summary>Columns of the gradient.</summary>
    public int Columns { get; }

    public int Images { get; }

    public int OutHeight { get; }

    public int OutWidth => g.OutWidth;

    public int InHeight { get; }

    public int InWidth { get; }

    public int StrideY { get; }

    public int StrideX { get; }

    public ConvolutionGeometry Geometry => g;

    /// <summary>How many bands there are.</summary>
    public int Count { get; }

    /// <summary>Floats of both sides in all bands.</summary>
    public long Floats => (long)Images * OutHeight * OutWidth * (((long)g.InChannels / g.Groups * StrideY * StrideX) + Columns);

    /// <summary>Bands over pixels of x, one group's channels.</summary>
    public static GradientBands OfPixels(ConvolutionGeometry g, int group, float* x, float* gy) =>
        new(g, x + (group * (g.InChannels / g.Groups)), gy + (group * (g.OutChannels / g.Groups)), true, g.InWidth);

    /// <summary>Bands over a copy of x padded to <paramref name="width"/> columns.</summary>
    public static GradientBands OfRows(ConvolutionGeometry g, float* rows, int width, float* gy) => new(g, rows, gy, false, width);

    /// <summary>Band <paramref name="index"/>, in the order of the images and their lines.</summary>
    public GradientBand this[int index]
    {
        get
        {
            if (linesAtMost == OutHeight)
                return new GradientBand(index * imagesAtMost, Math.Min(imagesAtMost, Images - (index * imagesAtMost)), 0, OutHeight);
            int part = index % Parts, from = (int)((long)OutHeight * part / Parts);
            return new GradientBand(index / Parts, 1, from, (int)((long)OutHeight * (part + 1) / Parts) - from);
        }
    }

    /// <summary>The first input line that the band's taps may meet; those outside the image are never read.</summary>
    public int FirstLine(GradientBand band) => IsSingle ? band.Line : (band.Line * StrideY) - g.PadTop;

    /// <summary>Input lines that the taps of so many output lines may meet.</summary>
    public int InLines(int outLines) => IsSingle ? outLines : ((outLines - 1) * StrideY) + reach;

    /// <summary>Pixels of x and of gy in the largest band.</summary>
    public (long In, long Out) LargestPixels => ((long)imagesAtMost * InLines(linesAtMost) * InWidth, (long)imagesAtMost * linesAtMost * OutWidth);

    private int Parts => (OutHeight + linesAtMost - 1) / linesAtMost;
}
