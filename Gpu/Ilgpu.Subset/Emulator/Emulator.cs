using ILGPU;

namespace NativeFree.Gpu.Emulation;

/// <summary>
/// Runs a launch group by group. Within a group each work-item runs to its next barrier in turn; when all have arrived at the same one, the next round begins. No thread ever
/// waits for another, so a launch ends or faults, and its result depends on nothing but its input and <see cref="EmulatorOptions.Order"/>.
/// </summary>
internal static class Emulator
{
    // Shared by all checked launches so that a record left in a buffer by an earlier one is known to be old. A checked launch holds the lock.
    private static readonly Lock CheckedLaunch = new();
    private static long clock = 1;

    public static void Run<TFrame>(DeviceKernel kernel, Index3D grid, in TFrame frame, EmulatorOptions options)
        where TFrame : struct, IKernelFrame
    {
        long groups = (long)grid.X * grid.Y * grid.Z;
        long[]? order = options.Order is { } seed ? Shuffle.Longs(groups, seed) : null;
        if (options.Checked)
        {
            lock (CheckedLaunch)
                RunChecked(kernel, grid, frame, order, options.Order);
            return;
        }
        int threads = (int)Math.Min(options.Threads == 0 ? Environment.ProcessorCount : options.Threads, groups);
        TFrame prototype = frame;
        if (threads == 1)
        {
            RunSome<TFrame, PlainMonitor>(new EmulatedGroup(kernel, grid), prototype, order, 0, groups, options.Order);
            return;
        }
        try
        {
            Parallel.For(0, threads, thread =>
                RunSome<TFrame, PlainMonitor>(new EmulatedGroup(kernel, grid), prototype, order, groups * thread / threads, groups * (thread + 1) / threads, options.Order));
        }
        catch (AggregateException several)
        {
            // The one of the lowest thread: the same fault whichever thread came first.
            throw several.InnerExceptions.OfType<KernelFaultException>().MinBy(static fault => fault.Message, StringComparer.Ordinal) ?? several.InnerExceptions[0];
        }
    }

    private static void RunChecked<TFrame>(DeviceKernel kernel, Index3D grid, in TFrame frame, long[]? order, ulong? seed)
        where TFrame : struct, IKernelFrame
    {
        EmulatedGroup group = new(kernel, grid) { Tick = clock, LaunchStart = clock };
        try
        {
            RunSome<TFrame, RaceMonitor>(group, frame, order, 0, (long)grid.X * grid.Y * grid.Z, seed);
        }
        finally
        {
            clock = group.Tick + 1;
        }
    }

    private static void RunSome<TFrame, TMonitor>(EmulatedGroup group, in TFrame prototype, long[]? order, long from, long to, ulong? seed)
        where TFrame : struct, IKernelFrame
        where TMonitor : struct, IMonitor
    {
        TFrame[] items = new TFrame[group.Kernel.Group.Size];
        int[] turns = [.. Enumerable.Range(0, items.Length)];
        try
        {
            for (long i = from; i < to; i++)
            {
                long linear = order is null ? i : order[i];
                items.AsSpan().Fill(prototype);
                group.Enter(linear);
                int barrier;
                do
                {
                    if (seed is { } chosen)
                        Shuffle.InPlace(turns, chosen, linear, group.Tick);
                    barrier = Round<TFrame, TMonitor>(group, items, turns);
                    group.Tick++;
                }
                while (barrier != 0);
            }
        }
        finally
        {
            group.Release();
        }
    }

    private static int Round<TFrame, TMonitor>(EmulatedGroup group, TFrame[] items, int[] turns)
        where TFrame : struct, IKernelFrame
        where TMonitor : struct, IMonitor
    {
        int barrier = -1;
        foreach (int item in turns)
        {
            group.Select(item);
            int arrived;
            try
            {
                arrived = items[item].Step<TMonitor>(group);
            }
            catch (Exception thrown) when (thrown is not KernelFaultException)
            {
                throw Fault.Thrown(thrown, group);
            }
            if (barrier < 0)
                barrier = arrived;
            else if (arrived != barrier)
                Fault.Divergence(barrier, turns[0], arrived, item, group);
        }
        return barrier;
    }
}
