using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Counts of (true class, predicted class) over any number of batches, and the metrics that follow from them. The prediction of a row of channels is its largest value, the first of equal ones. Sums are whole numbers, so the result does
/// not depend on the order of the batches.
/// </summary>
/// <param name="classes">Number of classes, at least 1.</param>
public sealed class ConfusionMatrix(int classes)
{
    private readonly long[] counts = new long[checked(classes * classes)];

    /// <summary>Goes on counting where another matrix stopped.</summary>
    /// <param name="counts">All counts, row by row, a row a true class.</param>
    /// <exception cref="ArgumentException">Their number is no square.</exception>
    public ConfusionMatrix(ReadOnlySpan<long> counts) : this((int)Math.Sqrt(counts.Length))
    {
        if (counts.Length != this.counts.Length)
            throw new ArgumentException($"ConfusionMatrix: there is a count for each pair of classes; got {counts.Length}, which is no square.", nameof(counts));
        counts.CopyTo(this.counts);
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>How many rows of class <paramref name="truth"/> were predicted as <paramref name="predicted"/>.</summary>
    public long this[int truth, int predicted] => counts[(truth * Classes) + predicted];

    /// <summary>Rows counted.</summary>
    public long Total => counts.Sum();

    /// <summary>The part of the rows that was predicted right; 0 when there is none.</summary>
    public double Accuracy
    {
        get
        {
            long right = 0;
            for (int c = 0; c < Classes; c++)
                right += this[c, c];
            long total = Total;
            return total == 0 ? 0 : (double)right / total;
        }
    }

    /// <summary>
    /// The mean over the classes that occur, among truths or predictions, of the intersection over union, right / (truths + predictions − right); 0 when none occurs. A class that occurs nowhere has no ratio and is left out.
    /// </summary>
    public double MeanIoU
    {
        get
        {
            double sum = 0;
            int present = 0;
            for (int c = 0; c < Classes; c++)
            {
                if (IoU(c) is { } ratio)
                {
                    sum += ratio;
                    present++;
                }
            }
            return present == 0 ? 0 : sum / present;
        }
    }

    /// <summary>The intersection over union of one class; null when it occurs nowhere.</summary>
    public double? IoU(int index)
    {
        long truths = 0, predictions = 0;
        for (int c = 0; c < Classes; c++)
        {
            truths += this[index, c];
            predictions += this[c, index];
        }
        long union = truths + predictions - this[index, index];
        return union == 0 ? null : (double)this[index, index] / union;
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="x">float32 [N, C] or [N, H, W, C] with C classes: scores or probabilities.</param>
    /// <param name="labels">int32, one a row of channels.</param>
    /// <param name="ignoreLabel">The label of rows that count for nothing, or null.</param>
    /// <exception cref="ShapeException">x has another number of classes, or there is not one label a row.</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one.</exception>
    public void Add(Tensor x, Labels labels, int? ignoreLabel = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(labels);
        if (x.Shape.Rank < 1 || x.Shape[-1] != Classes || labels.Shape.Count * Classes != x.Count)
            throw new ShapeException($"ConfusionMatrix: x has {Classes} channels and there is one label a row; x = {x.Shape}, labels = {labels.Shape}.");
        int[] predicted = new int[labels.Values.Length];
        x.Device.Reductions.ArgMax(x, predicted);
        for (int i = 0; i < predicted.Length; i++)
        {
            int t = labels.Values[i];
            if (t == ignoreLabel)
                continue;
            if ((uint)t >= (uint)Classes)
                throw new ArgumentException($"ConfusionMatrix: labels lie in 0 to {Classes - 1}; got {t}; name it as the ignored label if it is meant to count for nothing.", nameof(labels));
            counts[(t * Classes) + predicted[i]]++;
        }
    }
}
