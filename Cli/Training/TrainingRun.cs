using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Cli;

/// <summary>One training from the command line: resumed or begun, run, answered.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="options">Its training options.</param>
/// <param name="common">Its common options.</param>
/// <param name="output">Where the answer goes.</param>
/// <param name="error">Where progress goes.</param>
internal sealed class TrainingRun(ParseResult parsed, TrainingOptions options, CommonOptions common, TextWriter output, TextWriter error)
{
    private bool Silent => common.Quiet(parsed) || common.Json(parsed);

    /// <summary>Refuses places that cannot be written to before the work begins.</summary>
    /// <exception cref="InputException">A folder is missing, or cannot be written to.</exception>
    /// <exception cref="UsageException">Two options name one file, or weights are not exported under that ending.</exception>
    public void RequirePlaces()
    {
        (string Option, string? Path)[] places = [("--output", options.Output(parsed)), ("--log", options.Log(parsed)), ("--report", options.Report(parsed)), ("--export", options.Export(parsed))];
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.Weights(parsed) is { } weights and not "none" && !options.Resumes(parsed))
            taken[Path.GetFullPath(weights)] = "--weights";
        foreach ((string option, string? path) in places)
        {
            if (path is null)
                continue;
            if (!taken.TryAdd(Path.GetFullPath(path), option))
                throw new UsageException($"{option}: every option names a file of its own; {path} is that of {taken[Path.GetFullPath(path)]} too; name another");
            WritablePlace.Require(path);
        }
        if (options.Export(parsed) is { } file && !ModelWriter.Writes(file))
            throw new UsageException($"--export: weights are written as .h5 or .npz, and not as .weights.h5; got {file}");
    }

    /// <summary>Trains and answers.</summary>
    /// <param name="model">What the checkpoint holds.</param>
    /// <param name="trained">What is trained: the model, or its new layers on stored features.</param>
    /// <param name="training">To learn from.</param>
    /// <param name="validation">To validate with, or null.</param>
    /// <param name="pictures">The pictures behind <paramref name="validation"/>, for the report.</param>
    /// <param name="settings">What a resumed run must have as it was.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public int Run(Model model, Network trained, IDataset training, IDataset? validation, ImageDataset? pictures, string settings, CancellationToken cancellation)
    {
        string path = options.Output(parsed);
        var data = new DataLoader(training, options.Batch(parsed), shuffle: true, common.Seed(parsed), model.Device, bad: options.Bad(parsed));
        DataLoader? check = validation is null ? null : new DataLoader(validation, options.Batch(parsed), device: model.Device, bad: options.Bad(parsed));
        var trainer = new Trainer(
            new Classifier(trained), options.Optimizer(parsed, model, trained.NamedParameters().Select(item => item.Parameter)), [.. Callbacks(path, model, check is not null, settings)]) { Seed = common.Seed(parsed) };
        if (options.Resumes(parsed))
        {
            Checkpoint.Resume(path, trainer, model);
            Say(trainer.Ended
                ? $"{path}: ended already: {trainer.History.StopReason}"
                : string.Create(CultureInfo.InvariantCulture, $"{path}: resumed in epoch {trainer.Epoch + 1} after {trainer.Steps} steps"));
        }
        try
        {
            trainer.Fit(data, check, options.Epochs(parsed), cancellation);
        }
        catch (OperationCanceledException)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{path}: saved after {trainer.Steps} steps; --resume goes on from there"));
            throw;
        }
        finally
        {
            SayLeftOut(data.Skipped.Concat(check?.Skipped ?? []));
        }
        if (options.Export(parsed) is { } file)
            model.Save(file);
        if (options.Report(parsed) is { } page)
            TrainingRunReport.Save(page, parsed, model, trainer, data, check, pictures, cancellation);
        Answer(model, trainer, data.Count, check?.Count ?? 0, path);
        return CommandLine.Done;
    }

    /// <summary>What is not trained on, by name; said whatever else is silent.</summary>
    public void SayLeftOut(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            error.WriteLine($"nativefree: left out: {CommandLine.OneLine(line)}");
    }

    /// <summary>A line of progress.</summary>
    public void Say(string line)
    {
        if (!Silent)
            error.WriteLine(line);
    }

    private IEnumerable<Callback> Callbacks(string path, Model model, bool validated, string settings)
    {
        yield return new RunSettings(settings);
        if (options.Patience(parsed) is { } patience)
            yield return new EarlyStopping(validated ? "val_loss" : "loss", patience) { RestoreBest = true };
        if (options.Log(parsed) is { } log)
            yield return new CsvLog(log);
        if (!Silent)
            yield return new Progress(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);
        yield return new ModelCheckpoint(path, model);
    }

    private void Answer(Model model, Trainer trainer, int training, int validation, string path)
    {
        History history = trainer.History;
        if (common.Json(parsed))
        {
            JsonOutput.Write(output, json => Write(json, model, history, training, validation, path));
            return;
        }
        int last = history.RestoredEpoch ?? history.Epochs.Count - 1;
        string measures = last < 0 ? "" : string.Concat(history.Epochs[last].Names.Select(name => string.Create(CultureInfo.InvariantCulture, $", {name} {history.Epochs[last][name]:0.0000}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {model}, {model.Classes} classes, {history.Epochs.Count} epoch{(history.Epochs.Count == 1 ? "" : "s")}, weights of epoch {last + 1}{measures}"));
        if (history.StopReason is { } reason)
            Say($"ended: {reason}");
        double peak = model.Device.Pool.PeakBytes / (double)(1 << 20);
        Say(string.Create(CultureInfo.InvariantCulture, $"device memory at most {(peak < 1000 ? $"{peak:0.0} MiB" : $"{peak / 1024:0.00} GiB")}"));
    }

    private static void Write(Utf8JsonWriter json, Model model, History history, int training, int validation, string path)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("origin", model.Origin.Text());
        json.WriteString("device", model.Device.Name);
        json.WriteStartArray("classes");
        foreach (string name in model.ClassNames ?? [])
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartObject("samples");
        json.WriteNumber("training", training);
        json.WriteNumber("validation", validation);
        json.WriteEndObject();
        json.WriteStartArray("epochs");
        foreach (EpochRecord record in history.Epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", record.Epoch + 1);
            foreach (string name in record.Names)
                json.WriteNumberOrNull(name, record[name]!.Value);
            json.WriteNumber("learning_rate", record.LearningRate);
            json.WriteNumber("seconds", record.Time.TotalSeconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("ended", history.StopReason ?? "all epochs were done");
        json.WriteNumber("weights_of_epoch", (history.RestoredEpoch ?? history.Epochs.Count - 1) + 1);
        json.WriteNumber("peak_bytes", model.Device.Pool.PeakBytes);
        json.WriteString("output", path);
        json.WriteEndObject();
    }

    /// <summary>Keeps what the numbers depend on in the checkpoint, and refuses to resume with anything else.</summary>
    private sealed class RunSettings(string settings) : Callback
    {
        public override string Name => "settings";

        public override void Save(StateWriter state) => state.Write("command", settings);

        public override void Restore(Trainer trainer, StateReader state)
        {
            string before = state.Text("command");
            if (before != settings)
                throw new InputException($"--resume: a run goes on with the options it began with; it began with {before}; got {settings}");
        }
    }
}
