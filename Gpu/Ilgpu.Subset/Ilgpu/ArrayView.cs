using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>
/// A run of elements in device memory: a buffer, a start and a length. What kernels take; a default view has no elements.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ArrayView<T>
    where T : unmanaged
{
    internal ArrayView(MemoryBuffer? buffer, nint start, long length)
    {
        Buffer = buffer;
        Start = start;
        Length = length;
    }

    /// <summary>Elements in the view.</summary>
    public long Length { get; }

    /// <summary>Elements in the view, where they are fewer than 2³¹.</summary>
    /// <exception cref="OverflowException">There are more.</exception>
    public int IntLength => checked((int)Length);

    internal MemoryBuffer? Buffer { get; }

    // Emulated memory: the address. Device memory: bytes from the start of the buffer.
    internal nint Start { get; }

    /// <summary>An element, inside a kernel.</summary>
    /// <exception cref="InvalidOperationException">Always outside a kernel: the host copies with <c>CopyToCPU</c>.</exception>
    public ref T this[int index] => ref this[(long)index];

    /// <summary>An element, inside a kernel, by a 64-bit index.</summary>
    /// <exception cref="InvalidOperationException">Always outside a kernel: the host copies with <c>CopyToCPU</c>.</exception>
    public ref T this[long index] => throw DeviceCode.OnlyInKernel("ArrayView[]");

    /// <summary>The <paramref name="length"/> elements from <paramref name="index"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all in this view.</exception>
    public ArrayView<T> SubView(int index, int length) => SubView((long)index, length);

    /// <summary>The <paramref name="length"/> elements from <paramref name="index"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all in this view.</exception>
    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index > Length - length)
            throw new ArgumentOutOfRangeException(nameof(index), $"ArrayView.SubView: a part lies inside its view; elements {index} to {index + length} of {Length} were asked.");
        return new ArrayView<T>(Buffer, Start + (nint)(index * Unsafe.SizeOf<T>()), length);
    }

    /// <summary>The elements from <paramref name="index"/> to the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in this view or its end.</exception>
    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    /// <summary>The same memory as elements of another type; a rest smaller than one is left out.</summary>
    /// <exception cref="ArgumentException">The view does not start at a multiple of the element size, which vector loads need.</exception>
    public ArrayView<TOther> Cast<TOther>()
        where TOther : unmanaged
    {
        if (Start % Unsafe.SizeOf<TOther>() != 0)
            throw new ArgumentException($"ArrayView.Cast: a view of {typeof(TOther).Name} starts at a multiple of {Unsafe.SizeOf<TOther>()} bytes; this one starts at byte {Start}; cast at an aligned element.");
        return new ArrayView<TOther>(Buffer, Start, Length * Unsafe.SizeOf<T>() / Unsafe.SizeOf<TOther>());
    }
}
