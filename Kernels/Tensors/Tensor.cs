using System.Buffers;
using System.Diagnostics;

namespace NativeFree.Kernels;

/// <summary>
/// Dense float32 values on a device: a shape and a lease on device memory, in C order, without gradient. Layouts are fixed for the whole code base: activations [N, H, W, C], filters
/// [R, S, I, O] (kernel height, kernel width, input, output channels), transposed convolutions [R, S, O, I], dense weights [in, out].
/// </summary>
[DebuggerDisplay("{Shape} on {Device}")]
public sealed class Tensor
{
    private DeviceBuffer? buffer;

    /// <summary>Creates a tensor with arbitrary contents, owned by the thread's innermost <see cref="Scope"/>.</summary>
    /// <exception cref="DeviceException">The device has no memory left.</exception>
    public Tensor(Device device, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        Shape = shape;
        buffer = device.Pool.Rent(shape.Count);
        Scope.Adopt(this);
    }

    private Tensor(Tensor source, Shape shape) : this(source.Device, shape, source.Buffer, source.Offset) => Scope.Adopt(this);

    /// <summary>A tensor that begins <paramref name="offset"/> floats into memory shared with others; it belongs to no scope.</summary>
    internal Tensor(Device device, Shape shape, DeviceBuffer memory, long offset)
    {
        Device = device;
        Shape = shape;
        Offset = offset;
        memory.AddUser();
        buffer = memory;
    }

    /// <summary>Where the values lie.</summary>
    public Device Device { get; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>Counts the writes through this tensor, so that a device can tell a stale packed copy from a fresh one.</summary>
    internal int Version { get; private set; }

    internal Scope? Owner { get; set; }

    /// <summary>How many recorded operators will still read the values; while there are any, nobody gives the memory back early.</summary>
    internal int Readers { get; set; }

    /// <summary>Where in its memory the tensor begins, in floats.</summary>
    internal long Offset { get; private set; }

    internal DeviceBuffer Buffer => buffer ?? throw new ObjectDisposedException(
        nameof(Tensor), "Tensor: its memory went back to the pool when its scope ended; keep it with Scope.Keep.");

    /// <summary>The values in host memory, on a CPU device only; valid while the tensor is.</summary>
    /// <exception cref="DeviceException">The device is not a CPU.</exception>
    internal unsafe float* Pointer
    {
        get
        {
            nint address = Buffer.Address;
            if (address == 0)
                throw new DeviceException($"Tensor: host access needs a CPU tensor; this one lies on {Device.Name}; copy it with To(device).");
            return (float*)address + Offset;
        }
    }

    /// <summary>The values as a span, on a CPU device only; at most 2³¹−1 elements.</summary>
    internal unsafe Span<float> Span => new(Pointer, checked((int)Count));

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Device device, Shape shape) => Filled(device, shape, 0);

    /// <summary>A tensor of equal values.</summary>
    public static Tensor Filled(Device device, Shape shape, float value)
    {
        var tensor = new Tensor(device, shape);
        tensor.Fill(value);
        return tensor;
    }

    /// <summary>A tensor with the given values, in C order.</summary>
    /// <exception cref="ShapeException">Their number is not the shape's element count.</exception>
    public static Tensor From(Device device, Shape shape, ReadOnlySpan<float> values)
    {
        if (values.Length != shape.Count)
            throw new ShapeException($"Tensor.From: shape {shape} holds {shape.Count} values; got {values.Length}.");
        var tensor = new Tensor(device, shape);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <summary>Channels-first values [N, C, H, W] as an activation [N, H, W, C].</summary>
    /// <exception cref="ShapeException">The number of values is not n·c·h·w.</exception>
    public static Tensor FromNchw(Device device, int n, int c, int h, int w, ReadOnlySpan<float> values)
    {
        if (values.Length != (long)n * c * h * w)
            throw new ShapeException($"Tensor.FromNchw: [{n}, {c}, {h}, {w}] holds {(long)n * c * h * w} values; got {values.Length}.");
        float[] last = new float[values.Length];
        ChannelOrder.FirstToLast(values, last, n, c, checked(h * w));
        return From(device, new Shape(n, h, w, c), last);
    }

    /// <summary>An activation [N, H, W, C] as channels-first values; other ranks as they are.</summary>
    public float[] ToNchw()
    {
        float[] values = ToArray();
        if (Shape.Rank != 4)
            return values;
        float[] first = new float[values.Length];
        ChannelOrder.LastToFirst(values, first, Shape[0], Shape[3], Shape[1] * Shape[2]);
        return first;
    }

    /// <summary>The values in C order.</summary>
    public float[] ToArray()
    {
        float[] values = new float[checked((int)Count)];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the values to host memory.</summary>
    /// <exception cref="ShapeException"><paramref name="destination"/> is shorter than the tensor.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length < Count)
            throw new ShapeException($"Tensor.CopyTo: {Shape} holds {Count} values; the destination has room for {destination.Length}.");
        Device.Download(this, destination);
    }

    /// <summary>Replaces the values from host memory.</summary>
    /// <exception cref="ShapeException">The number of values is not the element count.</exception>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
            throw new ShapeException($"Tensor.CopyFrom: {Shape} holds {Count} values; got {values.Length}.");
        Device.Upload(values, this);
        Touch();
    }

    /// <summary>
    /// Replaces all values by what <paramref name="write"/> puts into the span it is handed: the tensor's own memory on a CPU, host memory that is uploaded afterwards on other devices. The span's contents
    /// are arbitrary before. For readers of big files: nothing is held twice.
    /// </summary>
    /// <param name="state">Handed on to <paramref name="write"/>.</param>
    /// <param name="write">Fills the span, which holds the values in C order; it must not keep it.</param>
    /// <exception cref="OverflowException">The tensor has more than 2³¹−1 elements.</exception>
    public void Write<TState>(TState state, SpanAction<float, TState> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (Buffer.Address != 0)
        {
            write(Span, state);
            Touch();
            return;
        }
        float[] values = new float[checked((int)Count)];
        write(values, state);
        CopyFrom(values);
    }

    /// <summary>Hands all values to <paramref name="read"/>, in C order: the tensor's own memory on a CPU, a downloaded copy on other devices. For writers of big files: nothing is held twice.</summary>
    /// <param name="state">Handed on to <paramref name="read"/>.</param>
    /// <param name="read">Reads the span, which is valid during the call only.</param>
    /// <exception cref="OverflowException">The tensor has more than 2³¹−1 elements.</exception>
    public void Read<TState>(TState state, ReadOnlySpanAction<float, TState> read)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(read);
        read(Buffer.Address != 0 ? Span : ToArray(), state);
        GC.KeepAlive(this);
    }

    /// <summary>Sets every element.</summary>
    public void Fill(float value)
    {
        Device.Fill(this, value);
        Touch();
    }

    /// <summary>The same values seen with another shape; the memory is shared.</summary>
    /// <exception cref="ShapeException">The element counts differ.</exception>
    public Tensor Reshape(Shape shape)
    {
        if (shape.Count != Count)
            throw new ShapeException($"Reshape: element counts are equal; {Shape} holds {Count}, {shape} holds {shape.Count}.");
        return new Tensor(this, shape);
    }

    /// <summary>A part of the values, from <paramref name="first"/> floats on; the memory is shared. It belongs to no scope: whoever asks for it releases it.</summary>
    internal Tensor Part(long first, Shape shape) => new(Device, shape, Buffer, Offset + first);

    /// <summary>A copy on another device, or this tensor where it is there already.</summary>
    public Tensor To(Device device)
    {
        if (ReferenceEquals(device, Device))
            return this;
        var copy = new Tensor(device, Shape);
        copy.CopyFrom(ToArray());
        return copy;
    }

    /// <summary>Gives the memory back before the scope ends. Whoever calls it knows that nobody reads the tensor again; later access throws.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } lease)
            lease.Release();
        Owner = null;
    }

    /// <summary>Says that a kernel has written the values.</summary>
    internal void Touch() => Version++;

    /// <summary>Lies where <paramref name="place"/> does from now on, which has the same shape and device and ends with this; the memory left goes back. Whoever holds the tensor finds the values of the place.</summary>
    internal void MoveTo(Tensor place)
    {
        DeviceBuffer left = Buffer, taken = Interlocked.Exchange(ref place.buffer, null)!;
        buffer = taken;
        Offset = place.Offset;
        left.Release();
        Touch();
    }

    /// <summary>
    /// Says that a kernel has written the values and read those of <paramref name="sources"/>. Naming them here keeps them reachable until now: a kernel reads through a pointer, and a tensor that the collector takes meanwhile would
    /// give its memory to somebody else.
    /// </summary>
    internal void Touch(params ReadOnlySpan<Tensor?> sources)
    {
        Touch();
        foreach (Tensor? source in sources)
            GC.KeepAlive(source);
    }

    /// <summary>Shape and device, not the values.</summary>
    public override string ToString() => $"Tensor {Shape} on {Device.Name}";
}
