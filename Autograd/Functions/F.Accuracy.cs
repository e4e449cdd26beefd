using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>The part of the rows of channels whose largest value, the first of equal ones, is at the label; ignored rows count in neither sum, and all ignored gives 0. Not differentiable.</summary>
    /// <param name="x">float32 [N, C] or [N, H, W, C]: scores or probabilities.</param>
    /// <param name="labels">int32, one a row of channels.</param>
    /// <param name="ignoreLabel">The label of rows that count for nothing, or null.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ShapeException">There is not one label a row.</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one.</exception>
    public static double Accuracy(Variable x, Labels labels, int? ignoreLabel = null) => Count(x, labels, ignoreLabel).Accuracy;

    /// <summary>The mean intersection over union of the classes that occur; <see cref="ConfusionMatrix.MeanIoU"/> of one batch.</summary>
    /// <param name="x">float32 [N, H, W, C]: scores or probabilities.</param>
    /// <param name="labels">int32, one a row of channels.</param>
    /// <param name="ignoreLabel">The label of rows that count for nothing, or null.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ShapeException">There is not one label a row.</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one.</exception>
    public static double MeanIoU(Variable x, Labels labels, int? ignoreLabel = null) => Count(x, labels, ignoreLabel).MeanIoU;

    private static ConfusionMatrix Count(Variable x, Labels labels, int? ignoreLabel)
    {
        var matrix = new ConfusionMatrix(x.Shape[-1]);
        matrix.Add(x.Value, labels, ignoreLabel);
        return matrix;
    }
}
