using NativeFree.Layers;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>
/// The whole state of a run in one npz file: weights, statistics, the optimizer's state, counters, seeds, the position in the data, the history and what callbacks remember. Written beside the old file and put in its
/// place when it is whole, so that a run killed at any moment leaves a whole one. The file is a weight file too: <see cref="ModelLoader"/> reads the model from it.
/// </summary>
public static class Checkpoint
{
    /// <summary>Writes the state of a run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">The run, between two batches.</param>
    /// <param name="network">The network whose weights are written; the trainer's unless given. A <see cref="Models.FineTuned"/> whose new layers alone are trained on stored features is given here.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file is in use; the old file is untouched.</exception>
    public static void Save(string path, Trainer trainer, Network? network = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var state = new StateWriter();
        trainer.Save(state);
        CheckpointFile.Write(path, network ?? trainer.Classifier.Network, state.Arrays);
    }

    /// <summary>
    /// Puts a run back to where it was when the file was written: then <see cref="Trainer.Fit"/> goes on with the next batch and ends with the bits of a run that never stopped. Network, optimizer, callbacks and data loaders are
    /// built as for the first run, by the program.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">A trainer that has not run.</param>
    /// <param name="network">As in <see cref="Save"/>.</param>
    /// <exception cref="WeightException">The file is of another network, optimizer or seed, or holds weights alone.</exception>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be opened.</exception>
    public static void Resume(string path, Trainer trainer, Network? network = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using ArrayFile file = ArrayFile.Open(path);
        CheckpointFile.ReadWeights(file, network ?? trainer.Classifier.Network);
        trainer.Restore(file);
    }
}
