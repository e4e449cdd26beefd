// Convolution and its gradients as products. Letters as in ConvolutionGeometry: x [N,H,W,C], w [R,S,I,O], y [N,P,Q,O]; I and o count within a group of channels.
using ILGPU;

namespace NativeFree.Kernels;

/// <summary>The sizes that the device code of convolution reads. YPitch: from one pixel of y (or gy) to the next, more than O where y is a slice of the channels of a larger tensor.</summary>
internal readonly record struct ConvolutionSizes(
    int H, int W, int C, int P, int Q, int O, int R, int S, int I, int GroupO, int StrideY, int StrideX, int PadTop, int PadLeft, int DilationY, int DilationX, int YPitch)
{
    public static ConvolutionSizes Of(ConvolutionGeometry g, int yPitch) => new(
        g.InHeight, g.InWidth, g.InChannels, g.OutHeight, g.OutWidth, g.OutChannels, g.KernelHeight, g.KernelWidth, g.InChannels / g.Groups, g.OutChannels / g.Groups,
        g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX, yPitch);
}

/// <summary>y: rows are output pixels, columns output channels, k runs over r, s, i.</summary>
internal readonly record struct ForwardProblem(ConvolutionSizes Sizes, int Pixels) : IProductProblem
{
    public static int StepsAreNeighboursInA => 1;

    public static int StepsAreNeighboursInB => 0;

    public Place Row(int row, int group)
    {
        int q = row % Sizes.Q;
        int p = row / Sizes.Q % Sizes.P;
        long n = row / Sizes.Q / Sizes.P;
        return new Place((n * Sizes.H * Sizes.W * Sizes.C) + (group * Sizes.I), row < Pixels ? (p * Sizes.StrideY) - Sizes.PadTop : Place.Outside, (q * Sizes.StrideX) - Sizes.PadLeft);
    }

    public Place StepInA(int k, int group)
    {
        int tap = k / Sizes.I;
        return new Place(k % Sizes.I, tap / Sizes.S * Sizes.DilationY, tap % Sizes.S * Sizes.DilationX);
    }

    public float A(ArrayView<float> a, Place row, Place step)
    {
        int h = row.Y + step.Y;
        int w = row.X + step.X;
        bool inside = h >= 0 && h < Sizes.H && w >= 0 && w < Sizes.W;
        return inside ? a[row.At + ((((long)h * Sizes.W) + w) * Sizes.C) + step.At] : 0;
    }

    public Place StepInB(int k, int group) => new((long)k * Sizes.O, 0, 0);

    public Place Column(int column, int group) => new((group * Sizes.GroupO) + column, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>gx: rows are input pixels, columns input channels, k runs over r, s, o. A pixel of gy counts where the stride divides.</summary>
internal readonly record struct InputGradientProblem(ConvolutionSizes Sizes, int Pixels) : IProductProblem
{
    public static int StepsAreNeighboursInA => 1;

    public static int StepsAreNeighboursInB => 1;

    public Place Row(int row, int group)
    {
        int w = row % Sizes.W;
        int h = row / Sizes.W % Sizes.H;
        long n = row / Sizes.W / Sizes.H;
        return new Place((n * Sizes.P * Sizes.Q * Sizes.YPitch) + (group * Sizes.GroupO), row < Pixels ? h + Sizes.PadTop : Place.Outside, w + Sizes.PadLeft);
    }

    public Place StepInA(int k, int group)
    {
        int tap = k / Sizes.GroupO;
        return new Place(k % Sizes.GroupO, -(tap / Sizes.S * Sizes.DilationY), -(tap % Sizes.S * Sizes.DilationX));
    }

    public float A(ArrayView<float> a, Place row, Place step)
    {
        int y = row.Y + step.Y;
        int x = row.X + step.X;
        int p = y / Sizes.StrideY;
        int q = x / Sizes.StrideX;
        bool inside = y >= 0 && x >= 0 && p < Sizes.P && q < Sizes.Q && p * Sizes.StrideY == y && q * Sizes.StrideX == x;
        return inside ? a[row.At + ((((long)p * Sizes.Q) + q) * Sizes.YPitch) + step.At] : 0;
    }

    public Place StepInB(int k, int group)
    {
        long tap = k / Sizes.GroupO;
        return new Place((tap * Sizes.I * Sizes.O) + (group * Sizes.GroupO) + (k % Sizes.GroupO), 0, 0);
    }

    public Place Column(int column, int group) => new((long)column * Sizes.O, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>gw: rows are r, s, i, columns output channels, k runs over output pixels.</summary>
internal readonly record struct FilterGradientProblem(ConvolutionSizes Sizes, int FilterRows) : IProductProblem
{
    public static int StepsAreNeighboursInA => 0;

    public static int StepsAreNeighboursInB => 0;

    public Place Row(int row, int group)
    {
        int tap = row / Sizes.I;
        return new Place(
            (group * Sizes.I) + (row % Sizes.I), row < FilterRows ? (tap / Sizes.S * Sizes.DilationY) - Sizes.PadTop : Place.Outside, (tap % Sizes.S * Sizes.DilationX) - Sizes.PadLeft);
    }

    public Place StepInA(int k, int group)
    {
        int q = k % Sizes.Q;
        int p = k / Sizes.Q % Sizes.P;
        long n = k / Sizes.Q / Sizes.P;
        return new Place(n * Sizes.H * Sizes.W * Sizes.C, p * Sizes.StrideY, q * Sizes.StrideX);
    }

    public float A(ArrayView<float> a, Place row, Place step)
    {
        int h = row.Y + step.Y;
        int w = row.X + step.X;
        bool inside = h >= 0 && h < Sizes.H && w >= 0 && w < Sizes.W;
        return inside ? a[step.At + ((((long)h * Sizes.W) + w) * Sizes.C) + row.At] : 0;
    }

    public Place StepInB(int k, int group) => new((long)k * Sizes.YPitch, 0, 0);

    public Place Column(int column, int group) => new((group * Sizes.GroupO) + column, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}
