using System.Runtime.CompilerServices;
using NativeFree.Kernels;

namespace NativeFree.Tests.Kernels;

/// <summary>Who owns a tensor's memory and when it goes back.</summary>
public sealed class ScopeTests
{
    private readonly CpuDevice device = new(1);

    [Fact]
    public void A_scope_gives_back_what_was_made_in_it_and_a_second_round_allocates_nothing()
    {
        long before = 0;
        for (int round = 0; round < 3; round++)
        {
            using (new Scope())
            {
                _ = new Tensor(device, new Shape(3, 1700));
                _ = new Tensor(device, new Shape(5, 1100));
            }
            Assert.Equal(0, device.Pool.BytesInUse);
            if (round == 0)
                before = device.Pool.Allocations;
        }
        Assert.Equal(before, device.Pool.Allocations);
    }

    [Fact]
    public void A_kept_tensor_outlives_its_scope_and_a_lost_one_says_so()
    {
        Tensor kept, lost;
        using (var scope = new Scope())
        {
            kept = scope.Keep(Tensor.Filled(device, new Shape(7), 2));
            lost = new Tensor(device, new Shape(7));
        }
        Assert.Equal(2, kept.ToArray()[6]);
        Assert.Contains("its scope ended", Assert.Throws<ObjectDisposedException>(() => lost.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_hands_a_tensor_to_the_scope_around()
    {
        Tensor tensor;
        using (new Scope())
        {
            using (var inner = new Scope())
                tensor = inner.Keep(Tensor.Filled(device, new Shape(3), 1));
            Assert.Equal(1, tensor.ToArray()[0]);
        }
        Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
    }

    [Fact]
    public void Memory_seen_through_a_reshape_lives_as_long_as_either_view()
    {
        using var scope = new Scope();
        Tensor flat = Tensor.From(device, new Shape(6), [1, 2, 3, 4, 5, 6]);
        Tensor table = flat.Reshape(new Shape(2, 3));
        flat.Release();
        Assert.Equal([1f, 2, 3, 4, 5, 6], table.ToArray());
    }

    [Fact]
    public void An_outer_scope_cannot_end_before_its_inner_one()
    {
        var outer = new Scope();
        using (new Scope())
            Assert.Contains("reverse order", Assert.Throws<InvalidOperationException>(outer.Dispose).Message, StringComparison.Ordinal);
        outer.Dispose();
    }

    [Fact]
    public void Unreachable_tensors_return_their_memory_and_it_is_used_again_intact()
    {
        Drop(device);
        for (int i = 0; i < 10 && device.Pool.BytesInUse > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, device.Pool.BytesInUse);
        long before = device.Pool.Allocations;
        Assert.Equal(5, Tensor.Filled(device, new Shape(100, 100), 5).ToArray()[9999]);
        Assert.Equal(before, device.Pool.Allocations);
    }

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1025, 1152)]
    [InlineData(2048, 2048)]
    [InlineData(2049, 2304)]
    [InlineData(102760448, 109051904)]
    public void Blocks_are_rounded_up_by_an_eighth_at_most(long count, long capacity)
    {
        Assert.Equal(capacity, BufferPool.RoundUp(count));
        Assert.True(capacity >= count && (count < 1024 || capacity <= count * 1.125));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(CpuDevice device)
    {
        for (int i = 0; i < 4; i++)
            _ = Tensor.Filled(device, new Shape(100, 100), i);
    }
}
