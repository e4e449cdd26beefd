namespace NativeFree.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="Training">On the training data, while the weights moved.</param>
/// <param name="Validation">On the validation data, with the weights of the epoch's end; null where there is none.</param>
/// <param name="LearningRate">The rate of the epoch's last update.</param>
/// <param name="Steps">Updates done since the beginning.</param>
/// <param name="Time">What it took, validation included; of an epoch that was interrupted, all its parts.</param>
public sealed record EpochRecord(int Epoch, Measures Training, Measures? Validation, double LearningRate, long Steps, TimeSpan Time)
{
    /// <summary>A number by the name it has in logs: those of <see cref="Measures"/>, with <c>val_</c> before them those of the validation, and <c>learning_rate</c>; null where there is none.</summary>
    public double? this[string name] =>
        name == "learning_rate" ? LearningRate : name.StartsWith("val_", StringComparison.Ordinal) ? Validation?[name[4..]] : Training[name];

    /// <summary>The measures that have a value, in the order of logs.</summary>
    public IReadOnlyList<string> Names => [.. Training.Names, .. (Validation?.Names ?? []).Select(name => "val_" + name)];
}
