using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Layers;
using NativeFree.Loaders;

namespace NativeFree.Training;

public sealed partial class Trainer
{
    private void Step(Batch batch)
    {
        if (!TryStep(batch))
            throw WithPlace(Search(batch));
        Steps++;
    }

    /// <returns>False, with nothing changed but batch statistics, where the loss is not finite.</returns>
    private bool TryStep(Batch batch)
    {
        using Tape tape = StepTape();
        (Variable loss, Variable scores) = Classifier.Run(batch.X, batch.Y);
        Span<float> value = stackalloc float[1];
        loss.Value.CopyTo(value);
        if (!float.IsFinite(value[0]))
            return false;
        // Before the backward pass, which frees what the operators kept.
        sums.Add(value[0], scores.Value, batch.Y, Classifier.IgnoreLabel);
        tape.Backward(loss);
        Optimizer.Update();
        return true;
    }

    private Tape StepTape() => new(TrainingMode) { Seed = new RandomSequence(Seed, "dropout").Bits(Steps) };

    /// <summary>Runs the batch again and looks at every result, to name the layer where the first NaN or infinity arises.</summary>
    private NonFiniteException Search(Batch batch)
    {
        try
        {
            using Tape tape = StepTape();
            tape.DetectNonFinite = true;
            (Variable loss, _) = Classifier.Run(batch.X, batch.Y);
            tape.Backward(loss);
        }
        catch (NonFiniteException e)
        {
            return e;
        }
        finally
        {
            Optimizer.ClearGradients();
        }
        return new NonFiniteException("the loss is finite; it was not, and on a second pass it is; look at the input of this batch.");
    }

    private void RequireFiniteParameters()
    {
        foreach (Parameter parameter in Optimizer.Parameters)
        {
            if (!parameter.Frozen && parameter.IsInitialized && !parameter.Device.Reductions.AllFinite(parameter.Value))
                throw WithPlace(new NonFiniteException($"{parameter.Path}: parameters are finite; this one holds a NaN or infinity; use a smaller learning rate or clip the gradients."));
        }
    }

    private NonFiniteException WithPlace(NonFiniteException e) =>
        new(string.Create(CultureInfo.InvariantCulture, $"training, epoch {Epoch + 1}, batch {Math.Min(Batch + 1, BatchesPerEpoch)} of {BatchesPerEpoch}: {e.Message}"));
}
