using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Training;

namespace NativeFree.Tests.Training;

/// <summary>What a run computes, records, allocates and writes, and how it ends.</summary>
public sealed class TrainerTests
{
    [Fact]
    public void A_run_learns_and_its_history_says_so()
    {
        var network = new TinyNet();
        History history = Run(network, epochs: 6).Fit(Loader(network, 61, 1), Loader(network, 29, 2), epochs: 6);
        Assert.Equal([0, 1, 2, 3, 4, 5], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(["loss", "accuracy", "val_loss", "val_accuracy"], history.Epochs[0].Names);
        Assert.Equal(9, history.Epochs[0].Steps); // ⌈61 / 7⌉
        Assert.Equal(54, history.Epochs[5].Steps);
        Assert.True(history.Values("val_loss")[5] < 0.5 * history.Values("val_loss")[0], string.Join(" ", history.Values("val_loss")));
        Assert.True(history.Values("val_accuracy")[5] > 0.7, string.Join(" ", history.Values("val_accuracy")));
        Assert.Null(history.StopReason);
        Assert.Null(history.RestoredEpoch);
    }

    [Fact]
    public void An_epochs_loss_counts_each_batch_with_its_samples()
    {
        var network = new TinyNet(0);
        DataLoader data = Loader(network, 10, 3, batch: 7); // 7 and 3
        var classifier = new Classifier(network);
        double sum = 0;
        int right = 0;
        foreach (Batch batch in data.Epoch(0))
        {
            using var scope = new Scope();
            (Variable loss, Variable scores) = classifier.Run(batch.X, batch.Y);
            sum += loss.Value.ToArray()[0] * (double)batch.Y.Shape[0];
            float[] values = scores.Value.ToArray();
            for (int i = 0; i < batch.Y.Shape[0]; i++)
            {
                float[] row = values[(i * TinyNet.Classes)..((i + 1) * TinyNet.Classes)];
                right += Array.IndexOf(row, row.Max()) == batch.Y.Values[i] ? 1 : 0;
            }
        }
        Evaluation evaluation = Evaluation.Of(classifier, data);
        Assert.Equal(sum / 10, evaluation.Measures.Loss, 1e-12);
        Assert.Equal(right / 10.0, evaluation.Measures.Accuracy, 1e-12);
        Assert.Equal(10, evaluation.Confusion.Total);
        Assert.Null(evaluation.Measures.MeanIoU);
    }

    [Fact]
    public void Outside_training_mode_nothing_drops_and_statistics_stay()
    {
        var network = new TinyNet(0.5f);
        DataLoader data = Loader(network, 7, 3);
        double expected = Evaluation.Of(new Classifier(network), data).Measures.Loss;
        float[] before = [.. network.NamedStatistics().SelectMany(item => item.Statistic.Value.ToArray())], weights = network["fc1"].Parameters[0].Value.ToArray();
        var trainer = new Trainer(new Classifier(network), new Adam(TinyNet.ParametersOf(network), 0.01)) { TrainingMode = false };
        Assert.Equal(expected, trainer.Fit(data).Epochs[0].Training.Loss, 1e-6);
        Assert.Equal(before, network.NamedStatistics().SelectMany(item => item.Statistic.Value.ToArray()));
        Assert.NotEqual(weights, network["fc1"].Parameters[0].Value.ToArray());
    }

    [Fact]
    public void A_thousand_steady_steps_take_no_new_device_memory()
    {
        var device = new CpuDevice(1);
        var network = new TinyNet();
        network.To(device);
        var pool = new PoolAfter(epochs: 3, device);
        var trainer = new Trainer(new Classifier(network), new Adam(TinyNet.ParametersOf(network), 1e-3), new EarlyStopping(patience: 1000) { RestoreBest = true }, pool);
        var data = new DataLoader(TinyNet.Data(50, 4), 7, shuffle: true, device: device, workers: 1);
        var validation = new DataLoader(TinyNet.Data(11, 5), 7, device: device, workers: 1);
        trainer.Fit(data, validation, epochs: 128);
        Assert.Equal(128 * 8, trainer.Steps);
        Assert.NotEqual(0, pool.Blocks);
        Assert.Equal((pool.Blocks, pool.Bytes), (device.Pool.Allocations, device.Pool.BytesHeld));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_and_names_the_layer()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz");
        var network = new TinyNet();
        Trainer trainer = Run(network, 9, new ModelCheckpoint(path), new PoisonAfter(12, network));
        NonFiniteException e = Assert.Throws<NonFiniteException>(() => trainer.Fit(Loader(network, 61, 1), epochs: 9));
        Assert.StartsWith("training, epoch 2, batch 4 of 9: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("fc1", e.Message, StringComparison.Ordinal);
        // What was saved before is whole and finite.
        var again = new TinyNet();
        Trainer resumed = Run(again, 9);
        Checkpoint.Resume(path, resumed);
        Assert.Equal((1, 0), (resumed.Epoch, resumed.Batch));
        Assert.All(TinyNet.Bits(again), bits => Assert.True(float.IsFinite(BitConverter.UInt32BitsToSingle(bits))));
    }

    [Fact]
    public void A_parameter_that_is_not_finite_at_an_epochs_end_is_named_before_anything_is_saved()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz");
        var network = new TinyNet();
        Trainer trainer = Run(network, 1, new ModelCheckpoint(path), new PoisonAfter(9, network));
        NonFiniteException e = Assert.Throws<NonFiniteException>(() => trainer.Fit(Loader(network, 61, 1)));
        Assert.Contains("fc1/W: parameters are finite", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void The_log_has_a_line_an_epoch_with_all_digits()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("log.csv");
        var network = new TinyNet();
        History history = Run(network, 3, new CsvLog(path)).Fit(Loader(network, 20, 1), Loader(network, 9, 2), epochs: 3);
        string[] lines = File.ReadAllLines(path);
        Assert.Equal("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds", lines[0]);
        Assert.Equal(4, lines.Length);
        for (int i = 0; i < 3; i++)
        {
            string[] cells = lines[i + 1].Split(',');
            Assert.Equal((i + 1).ToString(CultureInfo.InvariantCulture), cells[0]);
            Assert.Equal(history.Epochs[i].Training.Loss, double.Parse(cells[1], CultureInfo.InvariantCulture));
            Assert.Equal(history.Epochs[i].Validation!.Accuracy, double.Parse(cells[4], CultureInfo.InvariantCulture));
            Assert.Equal(0.01, double.Parse(cells[5], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Progress_is_plain_lines_in_a_pipe_and_a_bar_on_a_terminal()
    {
        var network = new TinyNet();
        var plain = new StringWriter();
        Run(network, 2, new Progress(plain, terminal: false)).Fit(Loader(network, 20, 1), epochs: 2);
        string[] lines = plain.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^epoch 1/2  loss \d\.\d{4}  accuracy \d\.\d{4}  \d+\.\d s$", lines[0].TrimEnd());
        Trainer trainer = Run(network, 2, new Halt(2));
        trainer.Fit(Loader(network, 20, 1), epochs: 5);
        Assert.Equal("two epochs are enough", trainer.History.StopReason);
        Assert.Matches(@"^epoch 3/5 \[\.{24}\] 0/3  0\.0 a second, 0:00 to go  loss ", Progress.Line(trainer, 1, 0, bar: true));
    }

    [Fact]
    public void A_measure_that_is_not_there_is_named_with_those_that_are()
    {
        var network = new TinyNet();
        Trainer trainer = Run(network, 1, new EarlyStopping("val_loss", 1));
        ArgumentException e = Assert.Throws<ArgumentException>(() => trainer.Fit(Loader(network, 20, 1)));
        Assert.Contains("no 'val_loss', for there is no validation data; there are loss, accuracy", e.Message, StringComparison.Ordinal);
    }

    private static Trainer Run(TinyNet network, int epochs, params Callback[] callbacks) =>
        new(new Classifier(network), new Adam(TinyNet.ParametersOf(network), 0.01), callbacks) { Seed = epochs };

    private static DataLoader Loader(TinyNet network, int count, int seed, int batch = 7) => new(TinyNet.Data(count, seed), batch, shuffle: true, seed: seed, device: network.Device, workers: 1);

    /// <summary>Puts a NaN into the first dense layer after some steps.</summary>
    private sealed class PoisonAfter(long steps, TinyNet network) : Callback
    {
        public override string Name => "poison";

        public override void OnBatchEnd(Trainer trainer)
        {
            if (trainer.Steps == steps)
                network["fc1"].Parameters[0].Value.Fill(float.NaN);
        }
    }

    /// <summary>What a device had taken from the system after the first epochs.</summary>
    private sealed class PoolAfter(int epochs, Device device) : Callback
    {
        public override string Name => "pool";

        public long Blocks { get; private set; }

        public long Bytes { get; private set; }

        public override void OnEpochEnd(Trainer trainer, EpochRecord record)
        {
            if (record.Epoch + 1 == epochs)
                (Blocks, Bytes) = (device.Pool.Allocations, device.Pool.BytesHeld);
        }
    }

    private sealed class Halt(int epochs) : Callback
    {
        public override string Name => "halt";

        public override void OnEpochEnd(Trainer trainer, EpochRecord record)
        {
            if (record.Epoch + 1 == epochs)
                trainer.Stop("two epochs are enough");
        }
    }
}
