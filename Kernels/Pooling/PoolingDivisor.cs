namespace NativeFree.Kernels;

/// <summary>What the sum over a window is divided by.</summary>
public enum PoolingDivisor
{
    /// <summary>The window's size; padding counts as zeros (Chainer).</summary>
    Window,

    /// <summary>The number of real pixels under the window; a window without any gives 0 (Keras).</summary>
    RealPixels,

    /// <summary>1: the sum itself.</summary>
    One,
}
