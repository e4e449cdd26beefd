using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using NativeFree.Gpu;
using NativeFree.Gpu.Emulation;

namespace NativeFree.Tests.Gpu;

/// <summary>The emulator names kernel, line, element and both work-items; and it finds a race whatever the order of the work-items.</summary>
public sealed class FaultTests
{
    private static readonly string[] Source = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, "FaultyKernels.cs"));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string At(string comment) => $"FaultyKernels.cs:{Array.FindIndex(Source, line => line.EndsWith("// " + comment, StringComparison.Ordinal)) + 1}";

    private static string Fault(Action<AcceleratorStream, ArrayView<float>, ArrayView<float>> launch, ulong? order = null, bool isChecked = true, int outputs = 16)
    {
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions { Checked = isChecked, Order = order, Threads = 1 });
        using var x = accelerator.Allocate1D([1f, 2, 3, 4, 5, 6, 7, 8]);
        using var y = accelerator.Allocate1D<float>(outputs);
        y.View.MemSetToZero(accelerator.DefaultStream);
        return Assert.Throws<KernelFaultException>(() => launch(accelerator.DefaultStream, x.View, y.View)).Message;
    }

    [Fact]
    public void A_read_races_with_a_write_of_the_same_round() => Assert.Equal(
        $"FaultyKernels.NoBarrier: data race on tile[4]; work-item (4, 0, 0) of group (0, 0, 0) writes it at {At("writes")}, work-item (3, 0, 0) of group (0, 0, 0) reads it at {At("reads")} "
        + "with nothing between; put a barrier between them.",
        Fault((stream, x, y) => FaultyLaunch.NoBarrier(stream, (1, 1, 1), x, y)));

    [Theory, InlineData(null), InlineData(1UL), InlineData(99UL)]
    public void Every_order_shows_the_missing_barrier(ulong? order)
    {
        string message = Fault((stream, x, y) => FaultyLaunch.NoBarrierBeforeOverwriting(stream, (1, 1, 1), x, y), order);
        Assert.StartsWith("FaultyKernels.NoBarrierBeforeOverwriting: data race on tile[", message, StringComparison.Ordinal);
        Assert.Contains(At("overwrites"), message, StringComparison.Ordinal);
        Assert.Contains(At("still reads"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_have_no_order() => Assert.Equal(
        $"FaultyKernels.TwoGroupsOneElement: data race on y[0]; work-item (0, 0, 0) of group (1, 0, 0) writes it at {At("both groups")}, work-item (0, 0, 0) of group (0, 0, 0) writes it at {At("both groups")} "
        + "with nothing between; groups have no order in a launch: write each element from one group.",
        Fault((stream, x, y) => FaultyLaunch.TwoGroupsOneElement(stream, (2, 1, 1), x, y)));

    [Fact]
    public void A_group_may_not_read_what_another_writes()
    {
        string message = Fault((stream, x, y) => FaultyLaunch.OneGroupReadsAnothers(stream, (2, 1, 1), x, y));
        Assert.Contains(At("its own"), message, StringComparison.Ordinal);
        Assert.Contains(At("another's"), message, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void An_index_outside_its_view_is_named_in_either_mode(bool isChecked) => Assert.Equal(
        $"FaultyKernels.PastTheEnd: an index lies inside its view; y[8] of 8 elements at {At("past the end")}, work-item (7, 0, 0) of group (0, 0, 0); guard the access or pass a longer view.",
        Fault((stream, x, y) => FaultyLaunch.PastTheEnd(stream, (1, 1, 1), x, y), null, isChecked, outputs: 8));

    [Fact]
    public void Shared_memory_is_written_before_it_is_read() => Assert.Equal(
        $"FaultyKernels.NeverWritten: shared memory is written before it is read; work-item (7, 0, 0) of group (0, 0, 0) reads tile[8] at {At("the ninth")}, which no work-item of the group has written; write it first.",
        Fault((stream, x, y) => FaultyLaunch.NeverWritten(stream, (1, 1, 1), x, y)));

    [Fact]
    public void An_atomic_operation_races_with_a_plain_one()
    {
        string message = Fault((stream, x, y) => FaultyLaunch.AtomicAndPlain(stream, (1, 1, 1), x.Cast<int>(), y.Cast<int>()));
        Assert.Contains($"changes (atomically) it at {At("atomic")}", message, StringComparison.Ordinal);
        Assert.Contains($"writes it at {At("plain")}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_view_refuses_is_named_too() => Assert.Equal(
        "FaultyKernels.CutTooLong: ArrayView.SubView: a part lies inside its view; elements 4 to 9 of 8 were asked. (Parameter 'index') (work-item (0, 0, 0) of group (0, 0, 0))",
        Fault((stream, x, y) => FaultyLaunch.CutTooLong(stream, (1, 1, 1), x, y)));

    // The compiler refuses such kernels; the emulator does not rely on it.
    [Fact]
    public void Work_items_at_different_barriers_are_a_fault()
    {
        DeviceKernel kernel = new("Test.Diverging", "Diverging", new Index3D(4, 1, 1), 0, 0, [new("", 0, ""), new("a.cs", 7, "Group.Barrier"), new("a.cs", 9, "Group.Barrier")], "");
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions());
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => kernel.Launch(accelerator.DefaultStream, (1, 1, 1), default(Diverging)));
        Assert.Equal(
            "Test.Diverging: all work-items of a group reach the same barrier; work-item (0, 0, 0) of group (0, 0, 0) waits at a.cs:7, work-item (2, 0, 0) of group (0, 0, 0) waits at a.cs:9; move the barrier out of the branch.",
            fault.Message);
    }

    private struct Diverging : IKernelFrame
    {
        public readonly void Bind(IKernelArguments arguments)
        {
        }

        public readonly int Step<TMonitor>(EmulatedGroup group)
            where TMonitor : struct, IMonitor => group.ItemX < 2 ? 1 : 2;
    }

    [Fact]
    public void A_grid_without_groups_does_nothing_and_a_negative_one_is_refused()
    {
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions());
        FaultyLaunch.PastTheEnd(accelerator.DefaultStream, (0, 1, 1), default, default);
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => FaultyLaunch.PastTheEnd(accelerator.DefaultStream, (1, -1, 1), default, default));
        Assert.StartsWith("FaultyKernels.PastTheEnd: a grid has no negative extents; (1, -1, 1) arrived.", refused.Message, StringComparison.Ordinal);
    }
}
