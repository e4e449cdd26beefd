using System.Globalization;
using NativeFree.Layers;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>
/// Saves the run after every epoch, when it is cancelled, and, with <see cref="EverySteps"/>, within epochs. The file at the path is always the newest whole state; beside it stand, if asked for, the weights of the best epoch
/// (<c>name.best.npz</c>) and the states of the last epochs (<c>name.epoch3.npz</c>).
/// </summary>
/// <param name="path">The file, such as <c>run.npz</c>.</param>
/// <param name="network">The network whose weights are kept; the trainer's unless given.</param>
public sealed class ModelCheckpoint(string path, Network? network = null) : Callback
{
    private double? best;

    /// <inheritdoc/>
    public override string Name => "model_checkpoint";

    /// <summary>The measure by which an epoch is the best, whose weights are then kept too; null for none.</summary>
    public Monitor? Best { get; init; }

    /// <summary>Of how many of the last epochs the state stays beside the newest; 0 unless set.</summary>
    public int KeepLast { get; init; }

    /// <summary>Updates between two savings within an epoch; null saves at its end only.</summary>
    public int? EverySteps { get; init; }

    /// <summary>Where the best epoch's weights go.</summary>
    public string BestPath => Beside("best");

    /// <summary>Where the state at the end of an epoch, counted from 0, goes.</summary>
    public string PathOf(int epoch) => Beside(string.Create(CultureInfo.InvariantCulture, $"epoch{epoch + 1}"));

    /// <inheritdoc/>
    public override void OnStart(Trainer trainer) => RemoveUnfinished();

    /// <inheritdoc/>
    public override void OnBatchEnd(Trainer trainer)
    {
        if (EverySteps is { } every && trainer.Steps % every == 0 && trainer.Batch < trainer.BatchesPerEpoch)
            Checkpoint.Save(path, trainer, network);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written; the last whole state stays.</exception>
    public override void OnEpochEnd(Trainer trainer, EpochRecord record)
    {
        if (Best is { } monitor && monitor.Of(record) is var value && monitor.IsBetter(value, best))
        {
            best = value;
            CheckpointFile.Write(BestPath, network ?? trainer.Classifier.Network);
        }
        if (KeepLast > 0)
        {
            Checkpoint.Save(PathOf(record.Epoch), trainer, network);
            File.Delete(PathOf(record.Epoch - KeepLast));
        }
        Checkpoint.Save(path, trainer, network);
    }

    /// <inheritdoc/>
    public override void OnInterrupted(Trainer trainer) => Checkpoint.Save(path, trainer, network);

    /// <inheritdoc/>
    public override void OnEnd(Trainer trainer)
    {
        // Without a restored epoch the file holds these weights already.
        if (trainer.History.RestoredEpoch is not null || !File.Exists(path))
            Checkpoint.Save(path, trainer, network);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter state) => state.Write("best", best ?? double.NaN);

    /// <inheritdoc/>
    public override void Restore(Trainer trainer, StateReader state) => best = state.Double("best") is var stored && double.IsNaN(stored) ? null : stored;

    private string Beside(string what) => Path.ChangeExtension(path, what + Path.GetExtension(path));

    /// <summary>A run that was killed while it wrote leaves its unfinished file; the name tells whose it is, see <see cref="AtomicFile"/>.</summary>
    private void RemoveUnfinished()
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder || !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: a checkpoint is written into a folder that exists; {Path.GetDirectoryName(full)} does not; make it first");
        foreach (string unfinished in Directory.EnumerateFiles(folder, Path.GetFileName(full) + ".*-*.tmp"))
        {
            string owner = unfinished[(full.Length + 1)..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process != Environment.ProcessId && !IsRunning(process))
                File.Delete(unfinished);
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
