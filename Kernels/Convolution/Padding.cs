namespace NativeFree.Kernels;

/// <summary>Rows and columns added around an image, in pixels.</summary>
public readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>No padding.</summary>
    public static Padding None => default;

    /// <summary>The same on all four sides.</summary>
    public static Padding All(int pad) => new(pad, pad, pad, pad);

    /// <summary>
    /// Keras's <c>same</c>: the output has ⌈size/stride⌉ rows and columns, total = max((out − 1)·stride + (kernel − 1)·dilation + 1 − size, 0), half of it before (rounded down), the rest after.
    /// </summary>
    public static Padding Same((int Height, int Width) size, (int Height, int Width) kernel, (int Y, int X) stride, (int Y, int X) dilation)
    {
        static (int Before, int After) One(int size, int kernel, int stride, int dilation)
        {
            int total = Math.Max(((size + stride - 1) / stride - 1) * stride + ((kernel - 1) * dilation) + 1 - size, 0);
            return (total / 2, total - (total / 2));
        }

        (int top, int bottom) = One(size.Height, kernel.Height, stride.Y, dilation.Y);
        (int left, int right) = One(size.Width, kernel.Width, stride.X, dilation.X);
        return new Padding(top, left, bottom, right);
    }

    /// <summary>(top, left, bottom, right).</summary>
    public override string ToString() => $"({Top}, {Left}, {Bottom}, {Right})";
}
