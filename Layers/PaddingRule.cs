using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>How a convolution or pooling layer widens its input: by fixed rows and columns, or by Keras's rules, which depend on the input's size.</summary>
public readonly record struct PaddingRule
{
    private readonly Padding fixedPadding;
    private readonly Kind kind;

    private PaddingRule(Kind kind, Padding padding)
    {
        this.kind = kind;
        fixedPadding = padding;
    }

    private enum Kind
    {
        Fixed,
        Same,
        Valid,
    }

    /// <summary>Keras's <c>valid</c>: no padding. A transposed convolution then gives (n − 1)·stride + max(k′, stride) rows.</summary>
    public static PaddingRule Valid => new(Kind.Valid, Padding.None);

    /// <summary>Keras's <c>same</c>: ⌈n / stride⌉ rows, the odd row of padding below. A transposed convolution gives n·stride rows.</summary>
    public static PaddingRule Same => new(Kind.Same, Padding.None);

    /// <summary>The same number of rows and columns on all sides, as Chainer counts them.</summary>
    public static implicit operator PaddingRule(int pad) => new(Kind.Fixed, Padding.All(pad));

    /// <summary>Fixed rows and columns.</summary>
    public static implicit operator PaddingRule(Padding padding) => new(Kind.Fixed, padding);

    /// <summary>The padding for an input [N, H, W, C].</summary>
    internal Padding For(Shape x, (int Height, int Width) kernel, (int Y, int X) stride, (int Y, int X) dilation) =>
        kind == Kind.Same && x.Rank == 4 ? Padding.Same((x[1], x[2]), kernel, stride, dilation) : fixedPadding;

    /// <summary>
    /// Placement and size for a transposed convolution. Fixed padding leaves the size to its formula, stride·(n − 1) + k′ − 2·pad. Keras: same n·stride, of which ⌊max(k′ − stride, 0) / 2⌋ rows of the full result are
    /// cut at the top; valid (n − 1)·stride + max(k′, stride).
    /// </summary>
    internal (Padding Padding, (int Height, int Width)? OutSize) ForTransposed(Shape x, (int Height, int Width) kernel, (int Y, int X) stride, (int Y, int X) dilation)
    {
        if (kind == Kind.Fixed || x.Rank != 4)
            return (fixedPadding, null);
        bool same = kind == Kind.Same;
        (int top, int height) = One(x[1], ((kernel.Height - 1) * dilation.Y) + 1, stride.Y, same);
        (int left, int width) = One(x[2], ((kernel.Width - 1) * dilation.X) + 1, stride.X, same);
        return (new Padding(top, left, 0, 0), (height, width));

        static (int Before, int Size) One(int n, int k, int stride, bool same) =>
            same ? (Math.Max(k - stride, 0) / 2, checked(n * stride)) : (0, checked(((n - 1) * stride) + Math.Max(k, stride)));
    }

    /// <summary><c>same</c>, <c>valid</c>, or the rows and columns.</summary>
    public override string ToString() => kind switch
    {
        Kind.Same => "same",
        Kind.Valid => "valid",
        _ => fixedPadding.ToString(),
    };
}
