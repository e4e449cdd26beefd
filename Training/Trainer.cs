using System.Diagnostics;
using NativeFree.Autograd;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>
/// Trains a classifier: epochs of batches, each a forward pass, a backward pass and an update, then the validation; callbacks watch and steer.
/// <code>
/// var trainer = new Trainer(new Classifier(model), new Adam(parameters, 1e-3), new EarlyStopping(patience: 5) { RestoreBest = true });
/// History history = trainer.Fit(train, validation, epochs: 50);
/// </code>
/// What a step does is a function of the weights, the seed, the step's number and the batch, so a run that is resumed from a checkpoint gives the bits of one that never stopped. A steady step
/// allocates no device memory. A loss that is not finite ends the run with an exception that names the layer.
/// </summary>
public sealed partial class Trainer
{
    private MeasureSums sums = new();
    private TimeSpan earlier;
    private long started;

    /// <summary>Sets a trainer up; nothing runs yet.</summary>
    /// <param name="classifier">The network and its loss.</param>
    /// <param name="optimizer">An optimizer of the network's parameters.</param>
    /// <param name="callbacks">Told in this order, but for <see cref="ModelCheckpoint"/>, which comes last so that it keeps the state of all others.</param>
    /// <exception cref="ArgumentException">Two callbacks have one name.</exception>
    public Trainer(Classifier classifier, Optimizer optimizer, params ReadOnlySpan<Callback> callbacks)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(optimizer);
        Classifier = classifier;
        Optimizer = optimizer;
        Callbacks = [.. callbacks.ToArray().OrderBy(callback => callback is ModelCheckpoint)];
        if (Callbacks.GroupBy(callback => callback.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Trainer: callbacks have different names; '{twice.Key}' comes twice; give one of them another.", nameof(callbacks));
    }

    /// <summary>The network and its loss.</summary>
    public Classifier Classifier { get; }

    /// <summary>What moves the weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>In the order in which they are told.</summary>
    public IReadOnlyList<Callback> Callbacks { get; }

    /// <summary>Start of the random numbers of dropout; step n draws from (seed, n).</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Whether steps run in training mode, as they should for nearly everything: dropout drops, batch norms take the batch's statistics. False leaves both as in inference while gradients flow all the same: Chainer's
    /// <c>config.train = False</c>, PyTorch's <c>eval()</c> around a step, Keras's <c>training=False</c>.
    /// </summary>
    public bool TrainingMode { get; init; } = true;

    /// <summary>What the epochs gave so far.</summary>
    public History History { get; private set; } = new();

    /// <summary>The epoch that runs, or will next, from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>Epochs that the run is to have.</summary>
    public int Epochs { get; private set; }

    /// <summary>Batches of the epoch that are done.</summary>
    public int Batch { get; private set; }

    /// <summary>Batches of an epoch; 0 before <see cref="Fit"/>.</summary>
    public int BatchesPerEpoch { get; private set; }

    /// <summary>Updates done since the beginning.</summary>
    public long Steps { get; private set; }

    /// <summary>Samples of the running epoch that are done.</summary>
    public long Samples => sums.Samples;

    /// <summary>Samples of an epoch; 0 before <see cref="Fit"/>.</summary>
    public long SamplesPerEpoch { get; private set; }

    /// <summary>The measures of the running epoch so far.</summary>
    public Measures Running => sums.Measures;

    /// <summary>Whether the run has ended for good: stopped by a callback. A run that has done all its epochs may be given more.</summary>
    public bool Ended => History.StopReason is not null;

    /// <summary>Ends the run after this epoch.</summary>
    /// <param name="reason">One line for people.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        History.StopReason ??= reason;
    }

    /// <summary>
    /// Trains until <paramref name="epochs"/> are done, those before a resumption included, or a callback stops the run. Cancelled, it tells the callbacks (a <see cref="ModelCheckpoint"/> then saves) between two batches and
    /// throws.
    /// </summary>
    /// <param name="training">The batches to learn from.</param>
    /// <param name="validation">The batches to measure with after each epoch, or null.</param>
    /// <param name="epochs">How many epochs the whole run has.</param>
    /// <param name="cancellation">Ends the run after the batch that runs.</param>
    /// <returns><see cref="History"/>.</returns>
    /// <exception cref="NonFiniteException">A loss, or a parameter at an epoch's end, is NaN or infinite; the message names epoch, batch, operator and layer. Nothing was saved since.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="WeightException">The run was resumed, and the data or the optimizer are not those of its beginning.</exception>
    /// <exception cref="FileFormatException">A sample cannot be read, and the loader refuses such; or none can.</exception>
    public History Fit(DataLoader training, DataLoader? validation = null, int epochs = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        Identify(training);
        (Epochs, BatchesPerEpoch, SamplesPerEpoch) = (epochs, training.BatchesPerEpoch, training.Count);
        started = Stopwatch.GetTimestamp();
        foreach (Callback callback in Callbacks)
            callback.OnStart(this);
        try
        {
            while (Epoch < epochs && !Ended)
                RunEpoch(training, validation, cancellation);
        }
        catch (OperationCanceledException)
        {
            foreach (Callback callback in Callbacks)
                callback.OnInterrupted(this);
            throw;
        }
        foreach (Callback callback in Callbacks)
            callback.OnEnd(this);
        return History;
    }

    /// <summary>Measures the network on data, in inference mode.</summary>
    /// <param name="data">The batches.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Evaluation Evaluate(DataLoader data, CancellationToken cancellation = default) => Evaluation.Of(Classifier, data, cancellation);

    private void RunEpoch(DataLoader training, DataLoader? validation, CancellationToken cancellation)
    {
        foreach (Batch batch in training.Epoch(Epoch, Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            Step(batch);
            Batch = batch.Index + 1;
            foreach (Callback callback in Callbacks)
                callback.OnBatchEnd(this);
        }
        sums.RequireSamples(training);
        Batch = BatchesPerEpoch;
        cancellation.ThrowIfCancellationRequested();
        RequireFiniteParameters();
        Measures? validated = validation is null ? null : Evaluate(validation, cancellation).Measures;
        double rate = Optimizer.Schedule.At(Math.Max(Optimizer.Steps - 1, 0));
        var record = new EpochRecord(Epoch, sums.Measures, validated, rate, Steps, earlier + Stopwatch.GetElapsedTime(started));
        History.Add(record);
        (sums, Batch, earlier, started) = (new MeasureSums(), 0, TimeSpan.Zero, Stopwatch.GetTimestamp());
        Epoch++;
        foreach (Callback callback in Callbacks)
            callback.OnEpochEnd(this, record);
    }
}
