using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>Copies between host and device, each done when the call returns; queued behind the stream's earlier work.</summary>
public static class ArrayViewExtensions
{
    /// <summary>Makes a device copy of an array.</summary>
    /// <exception cref="OutOfMemoryException">The device has not enough memory left.</exception>
    public static MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(this Accelerator accelerator, T[] values)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(values.LongLength);
        buffer.View.CopyFromCPU(accelerator.DefaultStream, values);
        return buffer;
    }

    /// <summary>Copies an array to the start of a view, on the default stream.</summary>
    /// <exception cref="ArgumentException">The array is longer than the view.</exception>
    public static void CopyFromCPU<T>(this ArrayView<T> target, T[] values)
        where T : unmanaged => target.CopyFromCPU(DefaultStream(target), values);

    /// <summary>Copies an array to the start of a view.</summary>
    /// <exception cref="ArgumentException">The array is longer than the view.</exception>
    public static void CopyFromCPU<T>(this ArrayView<T> target, AcceleratorStream stream, T[] values)
        where T : unmanaged => target.CopyFromCPU(stream, (ReadOnlySpan<T>)values);

    /// <summary>Copies host values to the start of a view.</summary>
    /// <exception cref="ArgumentException">There are more values than elements in the view.</exception>
    public static void CopyFromCPU<T>(this ArrayView<T> target, AcceleratorStream stream, in ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (values.IsEmpty)
            return;
        stream.Write(Whole(target, values.Length, stream), target.Start, MemoryMarshal.AsBytes(values));
    }

    /// <summary>Copies the start of a view to an array, on the default stream.</summary>
    /// <exception cref="ArgumentException">The array is longer than the view.</exception>
    public static void CopyToCPU<T>(this ArrayView<T> source, T[] values)
        where T : unmanaged => source.CopyToCPU(DefaultStream(source), values);

    /// <summary>Copies the start of a view to an array.</summary>
    /// <exception cref="ArgumentException">The array is longer than the view.</exception>
    public static void CopyToCPU<T>(this ArrayView<T> source, AcceleratorStream stream, T[] values)
        where T : unmanaged => source.CopyToCPU(stream, (Span<T>)values);

    /// <summary>Copies the start of a view to host memory.</summary>
    /// <exception cref="ArgumentException">The host memory is longer than the view.</exception>
    public static void CopyToCPU<T>(this ArrayView<T> source, AcceleratorStream stream, in Span<T> values)
        where T : unmanaged
    {
        if (values.IsEmpty)
            return;
        stream.Read(Whole(source, values.Length, stream), source.Start, MemoryMarshal.AsBytes(values));
    }

    /// <summary>Copies one view to the start of another on the same accelerator.</summary>
    /// <exception cref="ArgumentException">The source is longer than the target, or on another accelerator.</exception>
    public static void CopyTo<T>(this ArrayView<T> source, AcceleratorStream stream, in ArrayView<T> target)
        where T : unmanaged
    {
        if (source.Length == 0)
            return;
        MemoryBuffer to = Whole(target, source.Length, stream);
        stream.Copy(Whole(source, source.Length, stream), source.Start, to, target.Start, source.Length * Unsafe.SizeOf<T>());
    }

    /// <summary>Sets every byte of a view.</summary>
    /// <exception cref="ArgumentException">The view is on another accelerator.</exception>
    public static void MemSet<T>(this ArrayView<T> target, AcceleratorStream stream, byte value)
        where T : unmanaged
    {
        if (target.Length > 0)
            stream.Fill(Whole(target, target.Length, stream), target.Start, target.Length * Unsafe.SizeOf<T>(), value);
    }

    /// <summary>Sets every byte of a view to 0.</summary>
    /// <exception cref="ArgumentException">The view is on another accelerator.</exception>
    public static void MemSetToZero<T>(this ArrayView<T> target, AcceleratorStream stream)
        where T : unmanaged => target.MemSet(stream, 0);

    private static AcceleratorStream DefaultStream<T>(ArrayView<T> view)
        where T : unmanaged =>
        view.Buffer?.Owner?.DefaultStream ?? throw new ArgumentException("ArrayView copy: a view of a buffer is needed; a default view arrived; allocate one with Allocate1D.");

    private static MemoryBuffer Whole<T>(ArrayView<T> view, long length, AcceleratorStream stream)
        where T : unmanaged
    {
        if (length > view.Length)
            throw new ArgumentException($"ArrayView copy: the values fit into the view; {length} arrived for {view.Length} elements; use a longer view.");
        if (view.Buffer!.Owner != stream.Accelerator)
            throw new ArgumentException($"ArrayView copy: view and stream are of one accelerator; the stream is of {stream.Accelerator.Name}, the view of {view.Buffer.Owner?.Name}; use a stream of the view's.");
        return view.Buffer;
    }
}
