namespace NativeFree.Kernels;

/// <summary>Softmax or its logarithm.</summary>
internal interface ISoftmaxForm
{
    static abstract float Value(float shifted, float sum);

    static abstract float Weight(float y, float gy);

    static abstract float Gradient(float y, float gy, float sum);

    /// <summary>What is kept of a value until the sum is known, so that no exponential is computed twice.</summary>
    static abstract DeviceLanes Keep(DeviceLanes shifted, DeviceLanes exponential);

    /// <summary>What finishes rows, of their sums.</summary>
    static abstract DeviceLanes Scale(DeviceLanes sum);

    static abstract DeviceLanes Finish(DeviceLanes kept, DeviceLanes scale);

    static abstract DeviceLanes Weights(DeviceLanes y, DeviceLanes gy);

    static abstract DeviceLanes Gradients(DeviceLanes y, DeviceLanes gy, float sum);
}

internal readonly struct SoftmaxForm : ISoftmaxForm
{
    public static float Value(float shifted, float sum) => MathF.Exp(shifted) / sum;

    public static float Weight(float y, float gy) => gy * y;

    public static float Gradient(float y, float gy, float sum) => y * (gy - sum);

    public static DeviceLanes Keep(DeviceLanes shifted, DeviceLanes exponential) => exponential;

    public static DeviceLanes Scale(DeviceLanes sum) => sum;

    public static DeviceLanes Finish(DeviceLanes kept, DeviceLanes scale) => DeviceLanes.Divide(kept, scale);

    public static DeviceLanes Weights(DeviceLanes y, DeviceLanes gy) => DeviceLanes.Multiply(gy, y);

    public static DeviceLanes Gradients(DeviceLanes y, DeviceLanes gy, float sum) => DeviceLanes.Multiply(y, DeviceLanes.Subtract(gy, DeviceLanes.Of(sum)));
}

internal readonly struct LogSoftmaxForm : ISoftmaxForm
{
    public static float Value(float shifted, float sum) => shifted - MathF.Log(sum);

    public static float Weight(float y, float gy) => gy;

    public static float Gradient(float y, float gy, float sum) => gy - (MathF.Exp(y) * sum);

    public static DeviceLanes Keep(DeviceLanes shifted, DeviceLanes exponential) => shifted;

    public static DeviceLanes Scale(DeviceLanes sum) => DeviceLanes.Log(sum);

    public static DeviceLanes Finish(DeviceLanes kept, DeviceLanes scale) => DeviceLanes.Subtract(kept, scale);

    public static DeviceLanes Weights(DeviceLanes y, DeviceLanes gy) => gy;

    public static DeviceLanes Gradients(DeviceLanes y, DeviceLanes gy, float sum) => DeviceLanes.Subtract(gy, DeviceLanes.Multiply(DeviceLanes.Exp(y), DeviceLanes.Of(sum)));
}
