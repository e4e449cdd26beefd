namespace NativeFree.Loaders.Images;

/// <summary>One colour component of a frame: its sampling factors, and the sizes that follow from them (ITU-T T.81, A.1 and A.2).</summary>
internal sealed class JpegComponent
{
    internal JpegComponent(byte id, int horizontal, int vertical, int quantIndex) =>
        (Id, Horizontal, Vertical, QuantIndex) = (id, horizontal, vertical, quantIndex);

    internal byte Id { get; }

    /// <summary>Blocks of a minimum coded unit, across.</summary>
    internal int Horizontal { get; }

    /// <summary>Blocks of a minimum coded unit, down.</summary>
    internal int Vertical { get; }

    internal int QuantIndex { get; }

    /// <summary>The table in force when the component's first scan began, in zigzag order; null until then.</summary>
    internal ushort[]? Quant { get; set; }

    /// <summary>Samples across, ⌈width·h/h_max⌉, and down.</summary>
    internal int Width { get; private set; }

    internal int Height { get; private set; }

    /// <summary>Blocks that hold samples: what a scan of this component alone codes.</summary>
    internal int BlocksWide { get; private set; }

    internal int BlocksHigh { get; private set; }

    /// <summary>Bytes of a row of <see cref="Plane"/>, and blocks of a row of coefficients times 8: whole minimum coded units.</summary>
    internal int Stride { get; private set; }

    internal int PaddedBlocksHigh { get; private set; }

    /// <summary>Decoded samples, [PaddedBlocksHigh·8, Stride]; what lies beyond Width and Height is never looked at.</summary>
    internal byte[] Plane { get; set; } = [];

    /// <summary>
    /// Progressive only: [block row][block, 64], coefficients in zigzag order; a row appears when a scan first reaches it.
    /// </summary>
    internal short[]?[] Coefficients { get; set; } = [];

    /// <summary>Progressive only: the lowest bit that is known of each coefficient, −1 where nothing is (0 = exact).</summary>
    internal sbyte[] KnownBits { get; } = [.. Enumerable.Repeat((sbyte)-1, 64)];

    internal void Measure(int frameWidth, int frameHeight, int maxHorizontal, int maxVertical)
    {
        Width = CeilingDivide(frameWidth * (long)Horizontal, maxHorizontal);
        Height = CeilingDivide(frameHeight * (long)Vertical, maxVertical);
        BlocksWide = CeilingDivide(Width, 8);
        BlocksHigh = CeilingDivide(Height, 8);
        Stride = CeilingDivide(frameWidth, 8 * maxHorizontal) * Horizontal * 8;
        PaddedBlocksHigh = CeilingDivide(frameHeight, 8 * maxVertical) * Vertical;
    }

    private static int CeilingDivide(long value, int divisor) => (int)((value + divisor - 1) / divisor);
}
