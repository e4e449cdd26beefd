using System.Diagnostics;

namespace NativeFree.Kernels;

/// <summary>
/// A fork-join team: the calling thread and <c>threads − 1</c> helpers that wait for work, first spinning for some microseconds (layers follow each other
/// closely), then asleep. A range is handed out in chunks. Each thread has its own share of them, neighbours, and first takes these: of one layer after the other it gets the same part of the picture, which lies in its own cache,
/// not in that of a core far away. Whoever is done takes from the others' shares, so a helper that the system put aside delays nobody. Which thread computes a chunk never changes its result. A call from inside a call, or from a second thread while the crew is busy, runs on its caller alone.
/// </summary>
internal sealed class WorkCrew
{
    // The runtime makes one iteration of Thread.SpinWait last about 37 ns on every processor, so this waits some 50 µs: longer than the gap between two layers,
    // too short to take a core from other work.
    private const int Spins = 180;
    private const int SpinLength = 8;

    private readonly Lock gate = new();
    private readonly Thread[] helpers;
    private readonly SemaphoreSlim wake = new(0);
    private int sleeping;
    private int busy;

    // The job in hand. State: generation in the upper half, then one bit "open", then the number of helpers inside. A helper that comes late finds the
    // job closed and does not enter, so the caller waits only for those that work.
    private long state;
    private Action<int, int>? body;
    private int count;
    private int grain;
    private Exception? failure;

    // The next chunk of each thread's share, each in cache lines of its own.
    private readonly int[] next;
    private const int Apart = 32;

    private const long Open = 1L << 31;
    private const long InsideMask = Open - 1;

    public WorkCrew(int threads)
    {
        Threads = threads;
        next = new int[threads * Apart];
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            int number = i + 1;
            helpers[i] = new Thread(() => Help(number)) { IsBackground = true, Name = $"NativeFree {i + 1}" };
            helpers[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Told on a helper's thread, before the caller of <see cref="For"/> goes on: the helper's number from 1, and the timestamps between which it worked. For profiles; null costs nothing.</summary>
    public Action<int, long, long>? Watch { get; set; }

    /// <summary>Calls <paramref name="work"/>(from, to) over disjoint ranges that cover 0..<paramref name="total"/>, each of <paramref name="chunk"/> items but the last.</summary>
    public void For(int total, int chunk, Action<int, int> work)
    {
        chunk = Math.Max(chunk, 1);
        if (total <= 0)
            return;
        if (total <= chunk || helpers.Length == 0 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (int from = 0; from < total; from += chunk)
                work(from, Math.Min(from + chunk, total));
            return;
        }
        body = work;
        count = total;
        grain = chunk;
        failure = null;
        int chunks = Chunks;
        for (int thread = 0; thread < Threads; thread++)
            next[thread * Apart] = First(thread, chunks);
        long generation = (Volatile.Read(ref state) >> 32) + 1;
        Interlocked.Exchange(ref state, (generation << 32) | Open);
        int asleep = Volatile.Read(ref sleeping);
        if (asleep > 0)
            wake.Release(Math.Min(asleep, chunks - 1));
        Drain(0);
        Interlocked.And(ref state, ~Open);
        SpinWait wait = default;
        while ((Volatile.Read(ref state) & InsideMask) != 0)
            wait.SpinOnce(-1);
        Exception? thrown = failure;
        body = null;
        Volatile.Write(ref busy, 0);
        if (thrown is not null)
            throw new AggregateException("A chunk of parallel work failed.", thrown);
    }

    /// <summary>A chunk length that gives each thread about <paramref name="pieces"/> chunks.</summary>
    public int Grain(int total, int pieces = 4) => Math.Max(1, (total + Threads * pieces - 1) / (Threads * pieces));

    /// <summary>The first chunk of a thread's share, the caller being thread 0; of the one behind the last thread, how many there are.</summary>
    public int First(int thread, int chunks) => (int)((long)chunks * thread / Threads);

    /// <summary>The thread whose share holds a chunk.</summary>
    public int Owner(int chunk, int chunks)
    {
        int thread = 0;
        while (First(thread + 1, chunks) <= chunk)
            thread++;
        return thread;
    }

    private int Chunks => (int)(((long)count + grain - 1) / grain);

    private void Drain(int thread)
    {
        try
        {
            int size = grain, chunks = Chunks;
            for (int i = 0; i < Threads; i++)
            {
                int share = (thread + i) % Threads, end = First(share + 1, chunks);
                for (int chunk = Interlocked.Increment(ref next[share * Apart]) - 1; chunk < end; chunk = Interlocked.Increment(ref next[share * Apart]) - 1)
                    body!(chunk * size, (int)Math.Min((long)(chunk + 1) * size, count));
            }
        }
        catch (Exception e)
        {
            lock (gate)
                failure ??= e;
            for (int share = 0; share < Threads; share++)
                Interlocked.Exchange(ref next[share * Apart], int.MaxValue / 2);
        }
    }

    private void Help(int number)
    {
        long seen = 0;
        while (true)
        {
            long now = WaitForJob(seen);
            seen = now >> 32;
            while ((now & Open) != 0 && now >> 32 == seen)
            {
                long found = Interlocked.CompareExchange(ref state, now + 1, now);
                if (found == now)
                {
                    long begun = Watch is null ? 0 : Stopwatch.GetTimestamp();
                    Drain(number);
                    if (begun != 0)
                        Watch?.Invoke(number, begun, Stopwatch.GetTimestamp());
                    Interlocked.Decrement(ref state);
                    break;
                }
                now = found;
            }
        }
    }

    private long WaitForJob(long seen)
    {
        while (true)
        {
            for (int i = 0; i < Spins; i++)
            {
                long now = Volatile.Read(ref state);
                if (now >> 32 != seen)
                    return now;
                Thread.SpinWait(SpinLength);
            }
            Interlocked.Increment(ref sleeping);
            // Looked at once more after saying "asleep": a caller that read the counter before it rose has already opened its job.
            if (Volatile.Read(ref state) >> 32 == seen)
                wake.Wait();
            Interlocked.Decrement(ref sleeping);
        }
    }
}
