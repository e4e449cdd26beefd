using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>How a network did on a whole dataset.</summary>
/// <param name="Measures">The numbers.</param>
/// <param name="Confusion">How often each class was taken for which.</param>
public sealed record Evaluation(Measures Measures, ConfusionMatrix Confusion)
{
    /// <summary>Measures a classifier in inference mode. Sums are made in the order of the batches: the same data give the same bits.</summary>
    /// <param name="classifier">Network and loss.</param>
    /// <param name="data">The batches; the loader's epoch 0.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="FileFormatException">A sample cannot be read, and the loader refuses such; or none can.</exception>
    public static Evaluation Of(Classifier classifier, DataLoader data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(data);
        var sums = new MeasureSums();
        foreach (Batch batch in data.Epoch(0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var inference = new Scope();
            (Variable loss, Variable scores) = classifier.Run(batch.X, batch.Y, everyHead: false);
            sums.Add(loss.Value.ToArray()[0], scores.Value, batch.Y, classifier.IgnoreLabel);
        }
        sums.RequireSamples(data);
        return new Evaluation(sums.Measures, sums.Confusion);
    }
}
