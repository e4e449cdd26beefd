namespace NativeFree.Kernels;

/// <summary>
/// The kernels of <see cref="ImageResize.Resize"/>, with Pillow's meaning: all but <see cref="Nearest"/> are widened when shrinking, so
/// they do not alias.
/// </summary>
public enum ResizeFilter
{
    /// <summary>The pixel under the centre; no arithmetic. Pillow's default before 7.0, Keras's <c>load_img</c>.</summary>
    Nearest,

    /// <summary>Triangle, f(t) = 1 − |t| below 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = −0.5, support 2. Pillow's default from 7.0 on, so today's Chainer.</summary>
    Bicubic,

    /// <summary>sinc(t)·sinc(t/3), support 3.</summary>
    Lanczos,
}
