using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Training;

namespace NativeFree.Tests.Training;

/// <summary>The rules by which Keras 3 stops and slows down, written out by hand for series of values that nothing computes.</summary>
public sealed class EarlyStoppingTests
{
    // patience, smallest difference, baseline, start, values; expected: epochs run, best epoch.
    [Theory]
    [InlineData(0, 0, null, 0, "5 4 4 3", 3, 1)] // equal is not better
    [InlineData(2, 0, null, 0, "5 4 4 3 9 9 9", 6, 3)]
    [InlineData(2, 0.5, null, 0, "5 4.6 4.4 4 3.9 1", 5, 2)] // 4.4 beats 5 by more than 0.5, 4 and 3.9 do not beat 4.4
    [InlineData(2, 0, 3.0, 0, "5 4 3.5 3.6 1", 4, 2)] // better, but never than the baseline: the counter runs on, and the first value that is not better stops
    [InlineData(3, 0, 3.0, 0, "5 4 2 3 3 3 1", 6, 2)]
    [InlineData(1, 0, null, 3, "1 2 3 4 5 6", 5, 3)] // what comes before the start is not looked at
    [InlineData(0, 0, null, 0, "NaN NaN 1", 2, 0)] // never after the first epoch
    [InlineData(2, 0, null, 0, "5 NaN 4 NaN NaN 1", 5, 2)]
    public void Runs_stop_by_kerass_rules(int patience, double delta, double? baseline, int start, string values, int epochs, int best)
    {
        var stopping = new EarlyStopping(new NativeFree.Training.Monitor("val_loss", delta), patience) { Baseline = baseline, StartFromEpoch = start };
        Trainer trainer = Idle(stopping);
        int run = 0;
        foreach (double value in Parse(values))
        {
            stopping.OnEpochEnd(trainer, Record(run++, value));
            if (trainer.Ended)
                break;
        }
        Assert.Equal((epochs, best), (run, stopping.BestEpoch));
        Assert.Equal(run - 1, stopping.StoppedEpoch);
    }

    /// <summary>With a negative one equal values, and worse ones, would count as better: a run might never stop.</summary>
    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_smallest_difference_that_is_none_is_refused(double delta) =>
        Assert.Contains("the smallest difference is 0 or more and finite", Assert.Throws<ArgumentOutOfRangeException>(() => new NativeFree.Training.Monitor("val_loss", delta)).Message, StringComparison.Ordinal);

    [Fact]
    public void Accuracies_are_better_when_they_are_higher()
    {
        var stopping = new EarlyStopping("val_accuracy", 2);
        Trainer trainer = Idle(stopping);
        double[] values = [0.5, 0.7, 0.6, 0.7];
        for (int i = 0; i < 4; i++)
            stopping.OnEpochEnd(trainer, Record(i, 1, values[i]));
        Assert.Equal((1, 3, true), (stopping.BestEpoch, stopping.StoppedEpoch, trainer.Ended));
    }

    // factor, patience, cooldown, floor, values; expected: the rate of each following epoch.
    [Theory]
    [InlineData(0.5, 1, 0, 0, "5 5 5 4 4", "8 4 2 2 1")]
    [InlineData(0.5, 2, 0, 0, "5 5 5 5 5 4", "8 8 4 4 2 2")]
    [InlineData(0.5, 1, 2, 0, "5 5 5 5 5", "8 4 4 2 2")] // the reduction, one epoch that only counts down, and the next that counts again
    [InlineData(0.1, 0, 0, 3, "5 5 5", "8 3 3")] // not below the floor
    [InlineData(0.5, 1, 0, 0, "5 4.99995 4.9998", "8 4 4")] // better by more than 1e-4
    public void The_rate_falls_by_kerass_rules(double factor, int patience, int cooldown, double floor, string values, string rates)
    {
        var plateau = new ReduceOnPlateau(null, factor, patience) { Cooldown = cooldown, MinRate = floor };
        Trainer trainer = Idle(plateau);
        plateau.OnStart(trainer);
        var arrived = new List<double>();
        int epoch = 0;
        foreach (double value in Parse(values))
        {
            plateau.OnEpochEnd(trainer, Record(epoch++, value) with { LearningRate = trainer.Optimizer.Schedule.At(0) });
            arrived.Add(trainer.Optimizer.Schedule.At(0));
        }
        Assert.Equal(Parse(rates), arrived);
    }

    private static Trainer Idle(Callback callback) => new(new Classifier(new TinyNet()), new Sgd([], 8), callback);

    private static EpochRecord Record(int epoch, double loss, double accuracy = 0) =>
        new(epoch, new Measures { Loss = 1, Accuracy = 0 }, new Measures { Loss = loss, Accuracy = accuracy }, 8, epoch + 1, default);

    private static double[] Parse(string values) => [.. values.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];
}
