using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Order, resumption, prefetching and bad samples of the data loader.</summary>
public sealed class DataLoaderTests
{
    private readonly CpuDevice device = new(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(11, 11)]
    [InlineData(13, 64)]
    public void Every_sample_comes_once_an_epoch_and_the_last_batch_holds_the_rest(int count, int batchSize)
    {
        var loader = new DataLoader(new NumberedDataset(count), batchSize, shuffle: true, seed: 5, device);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<(float[] X, int[] Y, string[] Names)> batches = All(loader, epoch);
            Assert.Equal(loader.BatchesPerEpoch, batches.Count);
            Assert.Equal((count + batchSize - 1) / batchSize, batches.Count);
            Assert.All(batches.SkipLast(1), batch => Assert.Equal(batchSize, batch.Names.Length));
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"number {i}").Order(), batches.SelectMany(batch => batch.Names).Order());
            foreach ((float[] x, int[] y, string[] names) in batches)
            {
                for (int row = 0; row < names.Length; row++)
                {
                    int i = int.Parse(names[row][7..]);
                    Assert.All(x.AsSpan(row * 6, 6).ToArray(), value => Assert.Equal(i + (epoch / 1000f), value));
                    Assert.Equal(i % 3, y[row]);
                }
            }
        }
    }

    [Fact]
    public void The_order_follows_from_seed_and_epoch_and_is_close_to_uniform()
    {
        var data = new NumberedDataset(5);
        Assert.Equal([0, 1, 2, 3, 4], new DataLoader(data, 2).Order(9));
        Assert.Equal(new DataLoader(data, 2, true, 3).Order(9), new DataLoader(data, 4, true, 3).Order(9));
        int[,] counts = new int[5, 5];
        const int Epochs = 5000;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            int[] order = new DataLoader(data, 2, true, 3).Order(epoch);
            for (int i = 0; i < 5; i++)
                counts[i, order[i]]++;
        }
        // Each place holds each sample 1000 times in expectation, with a standard deviation of √(5000·0.2·0.8) = 28.
        foreach (int n in counts)
            Assert.InRange(n, 1000 - (5 * 28), 1000 + (5 * 28));
        int different = Enumerable.Range(0, 100).Count(seed => !new DataLoader(new NumberedDataset(50), 2, true, seed).Order(0).SequenceEqual(new DataLoader(new NumberedDataset(50), 2, true, seed + 1).Order(0)));
        Assert.Equal(100, different);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Batches_do_not_depend_on_the_number_of_threads_and_an_epoch_can_be_resumed_anywhere(int workers)
    {
        List<(float[] X, int[] Y, string[] Names)> whole = All(new DataLoader(new NumberedDataset(23), 3, true, 7, device, workers: 0), epoch: 4);
        var loader = new DataLoader(new NumberedDataset(23, uneven: true), 3, true, 7, device, workers);
        for (int first = 0; first <= loader.BatchesPerEpoch; first++)
        {
            List<(float[] X, int[] Y, string[] Names)> rest = All(loader, 4, first);
            Assert.Equal(whole.Count - first, rest.Count);
            for (int i = 0; i < rest.Count; i++)
            {
                Assert.Equal(whole[first + i].X, rest[i].X);
                Assert.Equal(whole[first + i].Y, rest[i].Y);
                Assert.Equal(whole[first + i].Names, rest[i].Names);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_bad_sample_is_refused_by_name_always_the_first_one(int workers)
    {
        var loader = new DataLoader(new NumberedDataset(17, broken: [11, 4, 16], uneven: true), 2, device: device, workers: workers);
        int batches = 0;
        var fault = Assert.Throws<FileFormatException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0))
                batches++;
        });
        Assert.Equal("number 4: a number must be whole; got a broken one; mend it", fault.Message);
        Assert.Equal(2, batches);
        Assert.Equal(0, device.Pool.BytesInUse);
    }

    [Fact]
    public void A_bad_sample_is_named_once_and_skipped_by_choice()
    {
        var loader = new DataLoader(new NumberedDataset(11, broken: [4, 6, 7]), 2, device: device, bad: BadSamples.Skip);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var sizes = new List<(int, int)>();
            foreach (Batch batch in loader.Epoch(epoch))
            {
                Assert.Equal(batch.X.Shape[0], batch.Names.Count);
                Assert.Equal(batch.Y.Shape[0], batch.Names.Count);
                sizes.Add((batch.Index, batch.Names.Count));
            }
            Assert.Equal([(0, 2), (1, 2), (2, 1), (4, 2), (5, 1)], sizes); // batch 3 holds 6 and 7
        }
        Assert.Equal(3, loader.Skipped.Count);
        Assert.StartsWith("number 4: a number must be whole", loader.Skipped[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_batches_allocate_no_new_device_memory()
    {
        var loader = new DataLoader(new NumberedDataset(7), 2, true, 1, device);
        long allocations = 0;
        for (int epoch = 0; epoch < 251; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                using var scope = new Scope();
                _ = Tensor.Zeros(device, batch.X.Shape);
            }
            if (epoch == 0)
                allocations = device.Pool.Allocations;
        }
        Assert.Equal(allocations, device.Pool.Allocations);
        Assert.Equal(0, device.Pool.BytesInUse);
    }

    [Fact]
    public void Reading_ahead_is_bounded_and_ends_with_the_enumeration()
    {
        var data = new NumberedDataset(1000);
        var loader = new DataLoader(data, 4, workers: 3, device: device);
        foreach (Batch batch in loader.Epoch(0))
        {
            Thread.Sleep(20);
            Assert.True(data.Reads <= (batch.Index + 1 + 3) * 4, $"{data.Reads} samples read when batch {batch.Index} was handed out");
            if (batch.Index == 5)
                break;
        }
        int reads = data.Reads;
        Thread.Sleep(20);
        Assert.Equal(reads, data.Reads);
        Assert.Equal(0, device.Pool.BytesInUse);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public void Files_that_cannot_be_opened_are_bad_samples_and_mistakes_of_the_program_are_not(Type fault)
    {
        string[] names = [.. Skipping((Exception)Activator.CreateInstance(fault, "number 1 is locked")!)];
        Assert.Equal(["number 0", "number 2"], names);
        Assert.Throws<InvalidOperationException>(() => Skipping(new InvalidOperationException()).Count());

        IEnumerable<string> Skipping(Exception thrown) =>
            new DataLoader(new NumberedDataset(3, onRead: index => _ = index == 1 ? throw thrown : 0), 2, device: device, bad: BadSamples.Skip).Epoch(0).SelectMany(batch => batch.Names);
    }

    [Fact]
    public void All_workers_are_busy_while_the_caller_is()
    {
        var data = new NumberedDataset(1000);
        foreach (Batch batch in new DataLoader(data, 4, workers: 3, device: device).Epoch(0))
        {
            // Batch 0 is in use; 1, 2 and 3 are made meanwhile, with nobody asking.
            Assert.True(SpinWait.SpinUntil(() => data.Reads == 4 * 4, TimeSpan.FromSeconds(20)), $"{data.Reads} samples read");
            break;
        }
    }

    [Fact]
    public void Leaving_early_waits_for_the_samples_being_read_and_no_longer()
    {
        using ManualResetEventSlim reading = new(), left = new();
        var data = new NumberedDataset(100, onRead: index =>
        {
            if (index == 50)
            {
                reading.Set();
                left.Wait();
            }
        });
        var loader = new DataLoader(data, 50, workers: 1, device: device);
        foreach (Batch batch in loader.Epoch(0))
        {
            Assert.True(reading.Wait(TimeSpan.FromSeconds(20)), "the next batch is not being read");
            _ = Task.Delay(200).ContinueWith(_ => left.Set(), TaskScheduler.Default); // by then the enumeration is over, but for this sample
            break;
        }
        Assert.Equal(51, data.Reads);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var data = new NumberedDataset(5);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(data, 1, workers: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(data, 2).Epoch(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(data, 2).Epoch(0, 4));
        Assert.StartsWith("DataLoader: a dataset has at least one sample", Assert.Throws<ArgumentException>(() => new DataLoader(new NumberedDataset(0), 2)).Message, StringComparison.Ordinal);
    }

    private static List<(float[] X, int[] Y, string[] Names)> All(DataLoader loader, int epoch, int first = 0) =>
        [.. loader.Epoch(epoch, first).Select(batch => (batch.X.ToArray(), batch.Y.Values.ToArray(), batch.Names.ToArray()))];
}
