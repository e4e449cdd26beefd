namespace ILGPU;

/// <summary>Bits of floats.</summary>
public static class Interop
{
    /// <summary>The bits of a float as an int.</summary>
    public static int FloatAsInt(float value) => BitConverter.SingleToInt32Bits(value);

    /// <summary>The float with these bits.</summary>
    public static float IntAsFloat(int value) => BitConverter.Int32BitsToSingle(value);
}
