namespace NativeFree.Kernels;

/// <summary>
/// Goes through the memory of a filter gradient's next band while the products of the band before are computed: each tile asks for the lines of some pixels, so that packing finds them in L2. What arrives is one run for each of
/// the band's images, and so is the input, except where only some of its lines are met: the processor then reads ahead by itself.
/// </summary>
internal unsafe struct BandAhead
{
    private readonly GradientBands bands;
    private readonly GradientBand band;
    private int run;
    private float* at;
    private float* end;

    /// <summary>For <paramref name="band"/>, or for none where it has no lines, while tiles go through <paramref name="steps"/> pixels.</summary>
    public BandAhead(GradientBands bands, GradientBand band, long steps)
    {
        this.bands = bands;
        this.band = band;
        if (band.Lines == 0)
            return;
        long floats = 0;
        for (int i = 0; i < 2 * band.Segments; i++)
        {
            Run(i, out float* from, out float* to);
            floats += to - from;
        }
        Pace = TileKernels.Pace(floats, steps);
        Next();
    }

    /// <summary>Floats for each of a tile's pixels; 0 when all has been asked for.</summary>
    public int Pace { get; private set; }

    /// <summary>Where the next tile begins to ask, or <paramref name="otherwise"/> where there is nothing left.</summary>
    public readonly float* At(float* otherwise) => Pace == 0 ? otherwise : at;

    /// <summary>Says that a tile went through so many pixels.</summary>
    public void Pass(int pixels)
    {
        at += (long)pixels * Pace;
        if (at >= end && Pace != 0)
            Next();
    }

    private void Next()
    {
        while (run < 2 * band.Segments)
        {
            Run(run++, out at, out end);
            if (at < end)
                return;
        }
        Pace = 0;
    }

    /// <summary>An image's part of what arrives, or of the input.</summary>
    private readonly void Run(int index, out float* from, out float* to)
    {
        ConvolutionGeometry g = bands.Geometry;
        long segment = band.Image + (index / 2);
        if (index % 2 == 0)
        {
            from = bands.Gy + (((segment * bands.OutHeight) + band.Line) * bands.OutWidth * g.OutChannels);
            to = from + ((long)band.Lines * bands.OutWidth * g.OutChannels);
            return;
        }
        from = to = null;
        if (!bands.PacksA || (bands.IsSingle && (g.StrideY > 1 || g.StrideX > 1)))
            return;
        int first = Math.Max(bands.FirstLine(band), 0), last = Math.Min(bands.FirstLine(band) + bands.InLines(band.Lines), bands.InHeight);
        float* x = bands.X + (segment * bands.InHeight * bands.InWidth * g.InChannels);
        from = x + ((long)first * bands.InWidth * g.InChannels);
        to = x + ((long)last * bands.InWidth * g.InChannels);
    }
}
