namespace NativeFree.Kernels;

/// <summary>How an inference plan stores its weights. Arithmetic is float32 in either.</summary>
public enum WeightFormat
{
    /// <summary>float32.</summary>
    Single,

    /// <summary>
    /// 16 bits where weights are read more than they are computed with: dense layers and direct convolutions. A weight is rounded to 11 significant bits (to nearest even) after all weights of its layer were multiplied by one
    /// power of two, so it is off by at most 2⁻¹¹ of itself, or by 2⁻²⁹ of the layer's largest weight where that is more. Winograd's transformed filters stay float32: rounding those costs seven times the accuracy.
    /// </summary>
    Half,
}
