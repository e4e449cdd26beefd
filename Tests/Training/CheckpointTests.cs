using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Tests.Gpu;
using NativeFree.Training;

namespace NativeFree.Tests.Training;

/// <summary>A run that is stopped anywhere and resumed ends with the bits of one that never stopped.</summary>
public sealed class CheckpointTests
{
    private const int Epochs = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(23)]
    [InlineData(44)]
    public void A_resumed_run_ends_with_the_same_bits(int steps) => Resumes(Device.Default, steps);

    // There an optimizer moves weights, gradients and its state with its first update, and what resumes has kept the weights since before.
    [Theory]
    [InlineData(4)]
    [InlineData(23)]
    public void A_resumed_run_ends_with_the_same_bits_on_a_GPU_device(int steps) => Assert.All(GpuTestDevices.For(long.MaxValue), device => Resumes(device, steps));

    private static void Resumes(Device device, int steps)
    {
        using var folder = new TemporaryFolder();
        string whole = folder.File("whole.npz"), path = folder.File("run.npz");
        TinyNet straight = Fit(Setup(device, whole), out History expected);
        using var stop = new CancellationTokenSource();
        (TinyNet Network, Trainer Trainer) first = Setup(device, path, new CancelAfter(steps, stop));
        Assert.Throws<OperationCanceledException>(() => first.Trainer.Fit(Training(first.Network), Validation(first.Network), Epochs, stop.Token));
        (TinyNet Network, Trainer Trainer) second = Setup(device, path);
        Checkpoint.Resume(path, second.Trainer);
        Assert.Equal(steps, second.Trainer.Steps);
        TinyNet resumed = Fit(second, out History history);
        Assert.Equal(TinyNet.Bits(straight), TinyNet.Bits(resumed));
        Assert.Equal(expected.Epochs.Select(epoch => epoch with { Time = default }).Select(Text), history.Epochs.Select(epoch => epoch with { Time = default }).Select(Text));
        Assert.Equal(expected.RestoredEpoch, history.RestoredEpoch);
        // The files are equal too, but for the clock.
        Dictionary<string, ReferenceArray> a = ReferenceArray.LoadAll(whole), b = ReferenceArray.LoadAll(path);
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        Assert.All(a.Where(item => !item.Key.EndsWith("/seconds", StringComparison.Ordinal)), item => Assert.True(item.Value.Data.AsSpan().SequenceEqual(b[item.Key].Data), item.Key));
    }

    [Fact]
    public void More_epochs_can_follow_a_run_that_ended()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz");
        (TinyNet Network, Trainer Trainer) straight = Plain(null), first = Plain(path);
        straight.Trainer.Fit(Training(straight.Network), epochs: 3);
        first.Trainer.Fit(Training(first.Network), epochs: 2);
        (TinyNet Network, Trainer Trainer) second = Plain(path);
        Checkpoint.Resume(path, second.Trainer);
        second.Trainer.Fit(Training(second.Network), epochs: 3);
        Assert.Equal(TinyNet.Bits(straight.Network), TinyNet.Bits(second.Network));
    }

    /// <summary>The best weights were put back; the run goes on with its last ones, and knows the best ones still.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_epochs_can_follow_a_run_whose_best_weights_were_put_back(bool file)
    {
        using var folder = new TemporaryFolder();
        (TinyNet Network, Trainer Trainer) straight = Best(folder.File("whole.npz")), first = Best(folder.File("run.npz"));
        History expected = straight.Trainer.Fit(Training(straight.Network), epochs: 6);
        first.Trainer.Fit(Training(first.Network), epochs: 3);
        Assert.Equal((0, 0, false), (expected.RestoredEpoch, first.Trainer.History.RestoredEpoch, first.Trainer.Ended));
        (TinyNet Network, Trainer Trainer) second = file ? Best(folder.File("run.npz")) : first;
        if (file)
            Checkpoint.Resume(folder.File("run.npz"), second.Trainer);
        History history = second.Trainer.Fit(Training(second.Network), epochs: 6);
        Assert.Equal(expected.Epochs.Select(Text), history.Epochs.Select(Text));
        Assert.Equal(0, history.RestoredEpoch);
        Assert.Equal(TinyNet.Bits(straight.Network), TinyNet.Bits(second.Network));
        Assert.Equal(Last(folder.File("whole.npz")), Last(folder.File("run.npz")));

        // The loss of the first epoch is taken for the best: higher is better.
        static (TinyNet Network, Trainer Trainer) Best(string path)
        {
            var network = new TinyNet();
            var stopping = new EarlyStopping(new NativeFree.Training.Monitor("loss") { Higher = true }, 99) { RestoreBest = true };
            return (network, new Trainer(new Classifier(network), new MomentumSgd(TinyNet.ParametersOf(network), 0.01), stopping, new ModelCheckpoint(path)) { Seed = 3 });
        }

        static byte[] Last(string path) => ReferenceArray.LoadAll(path)["training/callbacks/early_stopping/weights/conv/W"].Data;
    }

    [Fact]
    public void The_best_and_the_last_epochs_stand_beside_the_newest()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz");
        var checkpoint = new ModelCheckpoint(path) { Best = "loss", KeepLast = 2, EverySteps = 4 };
        var network = new TinyNet();
        var trainer = new Trainer(new Classifier(network), new MomentumSgd(TinyNet.ParametersOf(network), 0.01), checkpoint);
        trainer.Fit(Training(network), epochs: 5);
        Assert.Equal(["run.best.npz", "run.epoch4.npz", "run.epoch5.npz", "run.npz"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(checkpoint.PathOf(4))));
        Assert.DoesNotContain(ReferenceArray.LoadAll(checkpoint.BestPath).Keys, name => name.StartsWith("training/", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_killed_run_left_unfinished_goes_and_what_a_living_one_writes_stays()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz"), dead = path + ".2147483646-7.tmp", alive = $"{path}.1-7.tmp";
        File.WriteAllText(dead, "half");
        File.WriteAllText(alive, "half");
        (TinyNet Network, Trainer Trainer) run = Plain(path);
        run.Trainer.Fit(Training(run.Network), epochs: 1);
        Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(alive), File.Exists(path)));
    }

    [Fact]
    public void A_run_is_resumed_with_its_data_seed_optimizer_and_network_alone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.npz"), weights = folder.File("weights.npz");
        (TinyNet Network, Trainer Trainer) run = Plain(path);
        run.Trainer.Fit(Training(run.Network), epochs: 1);
        CheckpointFile.Write(weights, run.Network);
        TinyNet other = new();
        Refused(path, new Trainer(new Classifier(other), new Adam(TinyNet.ParametersOf(other), 0.01)) { Seed = 3 }, "began with MomentumSgd, got Adam");
        Refused(path, new Trainer(new Classifier(other), new MomentumSgd(TinyNet.ParametersOf(other), 0.01)) { Seed = 4 }, "it began with 3, got 4");
        Refused(weights, new Trainer(new Classifier(other), new MomentumSgd(TinyNet.ParametersOf(other), 0.01)) { Seed = 3 }, "holds weights alone");
        var u = new SmallU();
        Refused(path, new Trainer(new Classifier(u), new MomentumSgd(TinyNet.ParametersOf(u), 0.01)) { Seed = 3 }, "c1/W is missing");
        (TinyNet Network, Trainer Trainer) again = Plain(path);
        Checkpoint.Resume(path, again.Trainer);
        WeightException e = Assert.Throws<WeightException>(() => again.Trainer.Fit(Validation(again.Network), epochs: 2));
        Assert.Contains("began with 61 samples in batches of 7", e.Message, StringComparison.Ordinal);

        static void Refused(string path, Trainer trainer, string reason) =>
            Assert.Contains(reason, Assert.Throws<WeightException>(() => Checkpoint.Resume(path, trainer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_before_the_first_step()
    {
        (TinyNet Network, Trainer Trainer) run = Plain(Path.Combine(Path.GetTempPath(), "no such folder", "run.npz"));
        Assert.Contains("make it first", Assert.Throws<DirectoryNotFoundException>(() => run.Trainer.Fit(Training(run.Network))).Message, StringComparison.Ordinal);
        Assert.Equal(0, run.Trainer.Steps);
    }

    private static TinyNet Fit((TinyNet Network, Trainer Trainer) run, out History history)
    {
        history = run.Trainer.Fit(Training(run.Network), Validation(run.Network), Epochs);
        return run.Network;
    }

    /// <summary>Adam, dropout, a plateau that is soon reached, and the best weights put back.</summary>
    private static (TinyNet Network, Trainer Trainer) Setup(Device device, string path, params Callback[] further)
    {
        var network = new TinyNet();
        network.To(device);
        Callback[] callbacks =
        [
            new EarlyStopping("val_accuracy", 9) { RestoreBest = true },
            new ReduceOnPlateau(new NativeFree.Training.Monitor("val_loss", 0.5), 0.5, patience: 1),
            new ModelCheckpoint(path),
            .. further,
        ];
        return (network, new Trainer(new Classifier(network), new Adam(TinyNet.ParametersOf(network), LearningRate.Cosine(0.02, 60)), callbacks) { Seed = 11 });
    }

    private static (TinyNet Network, Trainer Trainer) Plain(string? path)
    {
        var network = new TinyNet();
        return (network, new Trainer(new Classifier(network), new MomentumSgd(TinyNet.ParametersOf(network), 0.01), path is null ? [] : [new ModelCheckpoint(path)]) { Seed = 3 });
    }

    private static DataLoader Training(Network network) => new(TinyNet.Data(61, 1), 7, shuffle: true, seed: 5, device: network.Device, workers: 2);

    private static DataLoader Validation(Network network) => new(TinyNet.Data(29, 2), 8, device: network.Device, workers: 1);

    private static string Text(EpochRecord record) => $"{record.Epoch} {record.Steps} {record.LearningRate:R} {string.Join(' ', record.Names.Select(name => $"{record[name]:R}"))}";

    private sealed class CancelAfter(int steps, CancellationTokenSource stop) : Callback
    {
        public override string Name => "cancel";

        public override void OnBatchEnd(Trainer trainer)
        {
            if (trainer.Steps == steps)
                stop.Cancel();
        }
    }
}
