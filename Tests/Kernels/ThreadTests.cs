using System.Collections.Concurrent;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Kernels;

/// <summary>The thread count is what was asked for and never exceeded, changes no bit of a whole plan, and a run that is cancelled stops at the next step.</summary>
public sealed class ThreadTests
{
    [Fact]
    public void A_device_has_as_many_threads_as_asked_for()
    {
        Assert.Equal((3, Environment.ProcessorCount), (new CpuDevice(3).Threads, new CpuDevice().Threads));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuDevice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuDevice(1025));
    }

    [Fact]
    public void No_more_threads_work_than_there_are_also_in_calls_inside_calls()
    {
        var crew = new WorkCrew(3);
        var seen = new ConcurrentDictionary<int, bool>();
        int[] hits = new int[257 * 5];
        crew.For(257, 2, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                int outer = i;
                // The crew is busy, so its caller computes this alone.
                crew.For(5, 1, (first, last) =>
                {
                    for (int j = first; j < last; j++)
                        Interlocked.Increment(ref hits[(outer * 5) + j]);
                    seen[Environment.CurrentManagedThreadId] = true;
                });
            }
        });
        Assert.All(hits, count => Assert.Equal(1, count));
        Assert.InRange(seen.Count, 1, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Shares_are_neighbours_that_cover_all_chunks(int threads)
    {
        var crew = new WorkCrew(threads);
        foreach (int chunks in (int[])[1, 2, 4, 7, 64, 1009])
        {
            Assert.Equal((0, chunks), (crew.First(0, chunks), crew.First(threads, chunks)));
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                int owner = crew.Owner(chunk, chunks);
                Assert.True(crew.First(owner, chunks) <= chunk && chunk < crew.First(owner + 1, chunks), $"{chunk} of {chunks} belongs to {owner} of {threads}");
            }
        }
    }

    [Fact]
    public void A_caller_takes_its_own_share_first_and_then_what_a_helper_leaves()
    {
        const int chunks = 12, size = 3, total = (chunks * size) - 1;
        var crew = new WorkCrew(2);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            int caller = Environment.CurrentManagedThreadId;
            var order = new List<int>();
            int[] hits = new int[total];
            using var late = new ManualResetEventSlim();
            crew.For(total, size, (from, to) =>
            {
                for (int i = from; i < to; i++)
                    Interlocked.Increment(ref hits[i]);
                if (Environment.CurrentManagedThreadId != caller)
                {
                    // A helper that is put aside in its first chunk until the caller has done all others.
                    Assert.True(late.Wait(TimeSpan.FromSeconds(20)));
                    return;
                }
                order.Add(from / size);
                if (order.Count >= chunks - 1)
                    late.Set();
            });
            Assert.All(hits, count => Assert.Equal(1, count));
            Assert.Equal([0, 1, 2, 3, 4, 5], order.Take(chunks / 2));
            Assert.Equal(order.Order(), order);
        }
    }

    [Fact]
    public void The_thread_count_changes_no_bit_of_a_plan()
    {
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using var scope = new Scope();
            var device = new CpuDevice(threads);
            Tensor w3 = Noise.On(device, new Shape(3, 3, 16, 80), 1), w1 = Noise.On(device, new Shape(1, 1, 80, 35), 2), dense = Noise.On(device, new Shape(33 * 29 * 35, 19), 3);
            InferencePlan plan = InferencePlan.Compile(device, new Shape(1, 33, 29, 16), x => new Dictionary<string, Variable>
            {
                ["y"] = F.Softmax(F.Linear(F.Flatten(F.Convolution2D(F.Relu(F.Convolution2D(x, w3, null, (1, 1), Padding.All(1))), w1, null, (1, 1), Padding.None)), dense)),
            });
            float[] y = plan.Run(Noise.On(device, plan.InputShape, 4))["y"].ToArray();
            Assert.Equal(first ??= y, y);
        }
    }

    [Fact]
    public void A_run_that_is_cancelled_meanwhile_ends_before_the_next_step_and_the_plan_runs_again()
    {
        using var scope = new Scope();
        using var stop = new CancellationTokenSource();
        var device = new CpuDevice(2);
        int before = 0, after = 0;
        bool cancels = false;
        InferencePlan plan = InferencePlan.Compile(device, new Shape(1, 3, 5, 4), x => new Dictionary<string, Variable>
        {
            ["y"] = new Noted(() => after++).Apply(new Noted(() =>
            {
                before++;
                if (cancels)
                    stop.Cancel();
            }).Apply(x)),
        });
        Assert.Equal((1, 1), (before, after)); // traced
        cancels = true;
        Tensor input = Noise.On(device, plan.InputShape, 1);
        Assert.Throws<OperationCanceledException>(() => plan.Run(input, stop.Token));
        Assert.Equal((2, 1), (before, after));
        Assert.Equal(input.ToArray(), plan.Run(input)["y"].ToArray());
        Assert.Equal((3, 2), (before, after));
    }

    private sealed class Noted(Action ran) : Op
    {
        public override string Name => "Noted";

        protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
        {
            ran();
            return x[0].Reshape(x[0].Shape);
        }

        protected internal override void Backward(Saved saved, Tensor gy, Gradients g) => g.Pass(0, gy);
    }
}
