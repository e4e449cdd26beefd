using System.Collections.Concurrent;
using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Loaders;

/// <summary>
/// Batches of a dataset, read ahead on other threads. The batches of an epoch follow from (seed, epoch) alone, so asking for an epoch from any batch on gives what an uninterrupted run would have seen,
/// whatever the number of threads. Every sample comes once an epoch; the last batch holds what is left.
/// </summary>
public sealed class DataLoader
{
    private readonly IDataset data;
    private readonly bool shuffle;
    private readonly int seed;
    private readonly BadSamples bad;
    private readonly ConcurrentBag<BatchSlot> idle = [];
    private readonly ConcurrentDictionary<int, string> skipped = [];

    /// <summary>Prepares to read; nothing is read yet.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples in a batch, at least 1.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own, drawn from (seed, epoch); else samples come by index.</param>
    /// <param name="seed">Start of the random order.</param>
    /// <param name="device">Where the batches lie; <see cref="Device.Default"/> unless given.</param>
    /// <param name="workers">How many batches are made at once, each on a thread of its own; that many, and one more, are held in host memory. 0 reads on the caller's thread. Half the cores, 1 to 8, unless given.</param>
    /// <param name="bad">What becomes of samples that cannot be read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A batch has no sample, or the number of workers is negative.</exception>
    /// <exception cref="ArgumentException">The dataset has no sample.</exception>
    public DataLoader(IDataset data, int batchSize, bool shuffle = false, int seed = 0, Device? device = null, int? workers = null, BadSamples bad = BadSamples.Refuse)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(workers ?? 0, nameof(workers));
        if (data.Count == 0)
            throw new ArgumentException("DataLoader: a dataset has at least one sample; this one has none.", nameof(data));
        (this.data, BatchSize, this.shuffle, this.seed, this.bad) = (data, batchSize, shuffle, seed, bad);
        Device = device ?? Device.Default;
        Workers = workers ?? Math.Clamp(Environment.ProcessorCount / 2, 1, 8);
    }

    /// <summary>The samples.</summary>
    public IDataset Data => data;

    /// <summary>Where the batches lie.</summary>
    public Device Device { get; }

    /// <summary>Samples in every batch but the last.</summary>
    public int BatchSize { get; }

    /// <summary>How many batches are made at once.</summary>
    public int Workers { get; }

    /// <summary>Number of samples in an epoch.</summary>
    public int Count => data.Count;

    /// <summary>Number of batches in an epoch: ⌈Count / BatchSize⌉.</summary>
    public int BatchesPerEpoch => (Count - 1) / BatchSize + 1;

    /// <summary>One line for each sample left out so far, by index: which one and what is wrong with it.</summary>
    public IReadOnlyList<string> Skipped => [.. skipped.OrderBy(item => item.Key).Select(item => item.Value)];

    /// <summary>The indices of an epoch's samples in the order in which they come: 0, 1, 2 …, or Fisher and Yates's permutation by the random sequence named (seed, epoch).</summary>
    public int[] Order(int epoch)
    {
        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        if (shuffle)
        {
            var random = new RandomSequence(seed, $"order of epoch {epoch}");
            for (int i = order.Length - 1; i > 0; i--)
            {
                int k = (int)Math.BigMul(random.Bits(i), (ulong)(i + 1), out _);
                (order[i], order[k]) = (order[k], order[i]);
            }
        }
        return order;
    }

    /// <summary>
    /// The batches of an epoch. Each is valid until the next is asked for (see <see cref="Batch"/>); steady work allocates no device memory. Several enumerations may run at once. Leaving one early waits for the
    /// samples being read, no longer.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The batch to begin with, to resume; BatchesPerEpoch gives none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is negative, or the batch is not 0 to BatchesPerEpoch.</exception>
    /// <exception cref="FileFormatException">A sample's file is not what it should be, and bad samples are refused. Always the first such sample in the epoch's order.</exception>
    /// <exception cref="IOException">A sample's file cannot be read, and bad samples are refused.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        return Batches(epoch, firstBatch);
    }

    private IEnumerable<Batch> Batches(int epoch, int firstBatch)
    {
        int[] order = Order(epoch);
        using var stop = new CancellationTokenSource();
        var ahead = new Queue<(BatchSlot Slot, Task Filled)>();
        int next = firstBatch;
        Tensor? x = null;
        try
        {
            for (int batch = firstBatch; batch < BatchesPerEpoch; batch++)
            {
                StartUpTo(Math.Max(Workers, 1));
                (BatchSlot slot, Task filled) = ahead.Dequeue();
                filled.GetAwaiter().GetResult();
                StartUpTo(Workers); // so that all workers are busy while the caller is
                foreach ((int index, string fault) in slot.Faults)
                    skipped.TryAdd(index, fault);
                if (slot.Rows > 0)
                {
                    x = Upload(slot, x);
                    yield return new Batch(x, slot.Labels(data.LabelShape), slot.Names.ToArray(), batch);
                }
                idle.Add(slot);
            }
        }
        finally
        {
            stop.Cancel();
            foreach ((BatchSlot slot, Task filled) in ahead)
            {
                ((IAsyncResult)filled).AsyncWaitHandle.WaitOne(); // its fault, if any, is of a batch that nobody asked for
                _ = filled.Exception;
                idle.Add(slot);
            }
            x?.Release();
        }

        void StartUpTo(int count)
        {
            while (ahead.Count < count && next < BatchesPerEpoch)
            {
                BatchSlot slot = idle.TryTake(out BatchSlot? used) ? used : new BatchSlot(data, BatchSize);
                int batch = next++;
                if (Workers == 0)
                {
                    slot.Fill(order, epoch, batch, bad, stop.Token);
                    ahead.Enqueue((slot, Task.CompletedTask));
                }
                else
                {
                    ahead.Enqueue((slot, Task.Run(() => slot.Fill(order, epoch, batch, bad, stop.Token))));
                }
            }
        }
    }

    private Tensor Upload(BatchSlot slot, Tensor? x)
    {
        Shape shape = new([slot.Rows, .. data.InputShape.ToArray()]);
        if (x?.Shape != shape)
        {
            x?.Release();
            x = Scope.Detach(new Tensor(Device, shape)); // not the property of whatever scope the caller has open
        }
        x.CopyFrom(slot.X);
        return x;
    }
}
