// Winograd's F(4×4, 3×3) after Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (arXiv:1509.09308), points 0, ±1, ±2, ∞: a tile of 4×4 outputs of a 3×3 convolution with stride 1 is Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A.
// The products over channels are 36 matrix products, one a place of the 6×6 tile: [tiles, C] · [C, O]; here are the transforms around them. Letters as in ConvolutionGeometry.
// A work-item transforms one tile of one channel, neighbours take neighbouring channels: 36 loads, 36 (or 16) stores. 36/144 of the multiplications of the direct sum; rounding grows to about 1e-5 of the largest value.
// Layouts: transformed x [36][tiles][C], products [36][tiles][O], filter [36][panel][C][width] as RowProductKernels reads it (one panel of width O for the tiled product).
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>Tiles First … First + Count − 1 of all tiles, TilesY · TilesX an image.</summary>
internal readonly record struct WinogradSizes(int H, int W, int C, int P, int Q, int O, int PadTop, int PadLeft, int TilesY, int TilesX, int First, int Count, long Pitch, int HasBias, int HasAddend, int HasRelu);

/// <summary>The filter's channels, and the panels into which it is written.</summary>
internal readonly record struct WinogradFilterSize(int C, int O, int Panels, int Width, long Count);

internal static class WinogradKernels
{
    public const int Outputs = 4;
    public const int Inputs = 6;
    public const int Places = Inputs * Inputs;

    // Neighbouring channels of a group: VGG16's and ResNet50's fewest.
    public const int Lanes = 64;

    /// <summary>Whether the convolution has 3×3 taps, stride and dilation 1, and one group.</summary>
    public static bool Fits(ConvolutionGeometry g) =>
        g.KernelHeight == 3 && g.KernelWidth == 3 && g.StrideY == 1 && g.StrideX == 1 && g.DilationY == 1 && g.DilationX == 1 && g.Groups == 1 && g.InShape.Count > 0 && g.OutShape.Count > 0;

    /// <summary>[36][panel][C][width] = G·g·Gᵀ of each pair of channels; 0 for columns behind the last.</summary>
    [Kernel(DeviceIndex.Group)]
    internal static void TransformFilter(ArrayView<float> w, ArrayView<float> u, WinogradFilterSize size)
    {
        ArrayView<float> half = LocalMemory.Allocate<float>(Inputs * 3);
        long i = DeviceIndex.Element();
        if (i >= size.Count)
            return;
        int column = (int)(i % size.Width);
        int c = (int)(i / size.Width % size.C);
        int panel = (int)(i / size.Width / size.C);
        int o = (panel * size.Width) + column;
        bool exists = o < size.O;
        for (int s = Unroll.From(0); s < 3; s++)
        {
            float g0 = exists ? w[((((long)s * size.C) + c) * size.O) + o] : 0;
            float g1 = exists ? w[((((long)(3 + s) * size.C) + c) * size.O) + o] : 0;
            float g2 = exists ? w[((((long)(6 + s) * size.C) + c) * size.O) + o] : 0;
            float outer = (g0 * (1 / 24f)) + (g2 * (1 / 6f));
            half[s] = g0 * 0.25f;
            half[3 + s] = (g0 + g1 + g2) * (-1 / 6f);
            half[6 + s] = (g0 - g1 + g2) * (-1 / 6f);
            half[9 + s] = outer + (g1 * (1 / 12f));
            half[12 + s] = outer - (g1 * (1 / 12f));
            half[15 + s] = g2;
        }
        long step = (long)size.Panels * size.C * size.Width;
        for (int y = Unroll.From(0); y < Inputs; y++)
        {
            float g0 = half[y * 3];
            float g1 = half[(y * 3) + 1];
            float g2 = half[(y * 3) + 2];
            float outer = (g0 * (1 / 24f)) + (g2 * (1 / 6f));
            long at = (y * Inputs * step) + i;
            u[at] = g0 * 0.25f;
            u[at + step] = (g0 + g1 + g2) * (-1 / 6f);
            u[at + (2 * step)] = (g0 - g1 + g2) * (-1 / 6f);
            u[at + (3 * step)] = outer + (g1 * (1 / 12f));
            u[at + (4 * step)] = outer - (g1 * (1 / 12f));
            u[at + (5 * step)] = g2;
        }
    }

    /// <summary>Grid: X channels/64, Y tiles. v = Bᵀ·d·B.</summary>
    [Kernel(Lanes)]
    internal static void TransformInput(ArrayView<float> x, ArrayView<float> v, WinogradSizes size)
    {
        ArrayView<float> half = LocalMemory.Allocate<float>(Places);
        int c = (Grid.IdxX * Lanes) + Group.IdxX;
        int tile = size.First + Grid.IdxY;
        int w0 = (tile % size.TilesX * Outputs) - size.PadLeft;
        int h0 = (tile / size.TilesX % size.TilesY * Outputs) - size.PadTop;
        long image = tile / size.TilesX / size.TilesY * (long)size.H;
        if (c >= size.C)
            return;
        for (int j = Unroll.From(0); j < Inputs; j++)
        {
            float d0 = Pixel(x, image, h0, w0 + j, c, size);
            float d1 = Pixel(x, image, h0 + 1, w0 + j, c, size);
            float d2 = Pixel(x, image, h0 + 2, w0 + j, c, size);
            float d3 = Pixel(x, image, h0 + 3, w0 + j, c, size);
            float d4 = Pixel(x, image, h0 + 4, w0 + j, c, size);
            float d5 = Pixel(x, image, h0 + 5, w0 + j, c, size);
            half[j] = (4 * d0) - (5 * d2) + d4;
            half[6 + j] = d4 - (4 * d2) + (d3 - (4 * d1));
            half[12 + j] = d4 - (4 * d2) - (d3 - (4 * d1));
            half[18 + j] = d4 - d2 + (2 * (d3 - d1));
            half[24 + j] = d4 - d2 - (2 * (d3 - d1));
            half[30 + j] = (4 * d1) - (5 * d3) + d5;
        }
        long step = (long)size.Count * size.C;
        long to = ((long)Grid.IdxY * size.C) + c;
        for (int i = Unroll.From(0); i < Inputs; i++)
        {
            float d0 = half[i * 6];
            float d1 = half[(i * 6) + 1];
            float d2 = half[(i * 6) + 2];
            float d3 = half[(i * 6) + 3];
            float d4 = half[(i * 6) + 4];
            float d5 = half[(i * 6) + 5];
            long at = to + (i * 6 * step);
            v[at] = (4 * d0) - (5 * d2) + d4;
            v[at + step] = d4 - (4 * d2) + (d3 - (4 * d1));
            v[at + (2 * step)] = d4 - (4 * d2) - (d3 - (4 * d1));
            v[at + (3 * step)] = d4 - d2 + (2 * (d3 - d1));
            v[at + (4 * step)] = d4 - d2 - (2 * (d3 - d1));
            v[at + (5 * step)] = (4 * d1) - (5 * d3) + d5;
        }
    }

    /// <summary>Grid: X channels/64, Y tiles. y = Aᵀ·m·A, through the epilogue.</summary>
    [Kernel(Lanes)]
    internal static void TransformOutput(ArrayView<float> m, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, WinogradSizes size)
    {
        ArrayView<float> half = LocalMemory.Allocate<float>(Outputs * Inputs);
        int o = (Grid.IdxX * Lanes) + Group.IdxX;
        int tile = size.First + Grid.IdxY;
        int q0 = tile % size.TilesX * Outputs;
        int p0 = tile / size.TilesX % size.TilesY * Outputs;
        long image = tile / size.TilesX / size.TilesY * (long)size.P;
        if (o >= size.O)
            return;
        long step = (long)size.Count * size.O;
        long from = ((long)Grid.IdxY * size.O) + o;
        for (int j = Unroll.From(0); j < Inputs; j++)
        {
            long at = from + (j * step);
            float m0 = m[at];
            float m1 = m[at + (6 * step)];
            float m2 = m[at + (12 * step)];
            float m3 = m[at + (18 * step)];
            float m4 = m[at + (24 * step)];
            float m5 = m[at + (30 * step)];
            half[j] = m0 + (m1 + m2) + (m3 + m4);
            half[6 + j] = m1 - m2 + (2 * (m3 - m4));
            half[12 + j] = m1 + m2 + (4 * (m3 + m4));
            half[18 + j] = m1 - m2 + (8 * (m3 - m4)) + m5;
        }
        float shift = size.HasBias != 0 ? bias[o] : 0;
        for (int i = Unroll.From(0); i < Outputs; i++)
        {
            float m0 = half[i * 6];
            float m1 = half[(i * 6) + 1];
            float m2 = half[(i * 6) + 2];
            float m3 = half[(i * 6) + 3];
            float m4 = half[(i * 6) + 4];
            float m5 = half[(i * 6) + 5];
            long row = ((image + p0 + i) * size.Q) + q0;
            int left = p0 + i < size.P ? size.Q - q0 : 0;
            Store(addend, y, row, o, m0 + (m1 + m2) + (m3 + m4) + shift, left > 0, size);
            Store(addend, y, row + 1, o, m1 - m2 + (2 * (m3 - m4)) + shift, left > 1, size);
            Store(addend, y, row + 2, o, m1 + m2 + (4 * (m3 + m4)) + shift, left > 2, size);
            Store(addend, y, row + 3, o, m1 - m2 + (8 * (m3 - m4)) + m5 + shift, left > 3, size);
        }
    }

    // Outside of the image 0, read from a place that exists: a load that always happens is one that a processor does for many channels at a time.
    private static float Pixel(ArrayView<float> x, long image, int h, int w, int c, WinogradSizes size)
    {
        bool inside = h >= 0 && h < size.H && w >= 0 && w < size.W;
        float value = x[(inside ? (((image + h) * size.W) + w) * size.C : 0) + c];
        return inside ? value : 0;
    }

    private static void Store(ArrayView<float> addend, ArrayView<float> y, long pixel, int o, float sum, bool exists, WinogradSizes size)
    {
        if (!exists)
            return;
        long at = (pixel * size.Pitch) + o;
        float value = sum;
        if (size.HasAddend != 0)
            value += addend[at];
        if (size.HasRelu != 0)
            value = value < 0 ? 0 : value;
        y[at] = value;
    }
}
