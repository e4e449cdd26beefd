using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Kernels;

/// <summary>Working memory of one call on the device, out of its pool. The stream does its work in order: the next user of the block comes behind this one.</summary>
internal readonly struct GpuScratch(GpuDevice device, long count) : IDisposable
{
    private readonly DeviceBuffer buffer = device.Pool.Rent(count);

    public ArrayView<float> View => GpuDevice.ViewOf(buffer, 0, count);

    /// <summary>The memory with values copied into it.</summary>
    public ArrayView<int> Upload(ReadOnlySpan<int> values)
    {
        ArrayView<int> view = View.Cast<int>();
        view.CopyFromCPU(device.Stream, values);
        return view;
    }

    /// <summary>The memory with values copied into it.</summary>
    public ArrayView<float> Upload(ReadOnlySpan<float> values)
    {
        View.CopyFromCPU(device.Stream, values);
        return View;
    }

    public void Dispose() => buffer.Release();
}
