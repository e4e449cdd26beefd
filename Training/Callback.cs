namespace NativeFree.Training;

/// <summary>
/// Something that watches a run and may steer it: told of its beginning, of each batch and epoch, and of its end. What it remembers goes into checkpoints through
/// <see cref="Save"/> and comes back through <see cref="Restore"/>, so that a resumed run is steered as the uninterrupted one.
/// </summary>
public abstract class Callback
{
    /// <summary>The name under which its state is kept; no two callbacks of a trainer have the same.</summary>
    public abstract string Name { get; }

    /// <summary>A run begins or is resumed.</summary>
    public virtual void OnStart(Trainer trainer)
    {
    }

    /// <summary>A batch of training was worked through and the weights have moved.</summary>
    public virtual void OnBatchEnd(Trainer trainer)
    {
    }

    /// <summary>An epoch with its validation has ended; the record is the history's last.</summary>
    public virtual void OnEpochEnd(Trainer trainer, EpochRecord record)
    {
    }

    /// <summary>The run ends by its number of epochs or because it was stopped.</summary>
    public virtual void OnEnd(Trainer trainer)
    {
    }

    /// <summary>The run was cancelled, between two batches; the trainer throws afterwards.</summary>
    public virtual void OnInterrupted(Trainer trainer)
    {
    }

    /// <summary>Writes what has to be remembered.</summary>
    public virtual void Save(StateWriter state)
    {
    }

    /// <summary>Takes back what <see cref="Save"/> wrote. Called before <see cref="OnStart"/>, with the network's weights already restored.</summary>
    public virtual void Restore(Trainer trainer, StateReader state)
    {
    }
}
