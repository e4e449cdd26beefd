namespace ILGPU.Algorithms;

/// <summary>Functions of one float as devices compute them: to a few units in the last place.</summary>
public static class XMath
{
    /// <summary>1/√x; +∞ at 0, NaN below.</summary>
    public static float Rsqrt(float value) => 1f / MathF.Sqrt(value);

    /// <summary>eˣ.</summary>
    public static float Exp(float value) => MathF.Exp(value);

    /// <summary>The natural logarithm; −∞ at 0, NaN below.</summary>
    public static float Log(float value) => MathF.Log(value);

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float value) => MathF.Tanh(value);

    /// <summary>√x; NaN below 0.</summary>
    public static float Sqrt(float value) => MathF.Sqrt(value);

    /// <summary>xʸ.</summary>
    public static float Pow(float x, float y) => MathF.Pow(x, y);
}
