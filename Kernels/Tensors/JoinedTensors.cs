namespace NativeFree.Kernels;

/// <summary>Tensors that lie one behind another in one block of a device's memory, so that one launch of a kernel over flat elements does them all.</summary>
internal static class JoinedTensors
{
    // Each begins where a vector of sixteen floats and a memory transaction of any GPU may begin.
    private const int Alignment = 64;

    /// <summary>Tensors of zeros that lie in this order, zeros between them too, in as few blocks as the device allows; they belong to no scope.</summary>
    /// <param name="device">Where.</param>
    /// <param name="shapes">Their shapes.</param>
    /// <param name="most">Floats that a block of more than one tensor may have.</param>
    /// <exception cref="DeviceException">The device has no memory left.</exception>
    public static Tensor[] Zeros(Device device, IReadOnlyList<Shape> shapes, long most = long.MaxValue)
    {
        // A pool makes blocks larger by an eighth at most.
        most = Math.Min(most, device.Pool.LargestBlock / sizeof(float) / 9 * 8);
        var tensors = new Tensor[shapes.Count];
        for (int first = 0, end; first < tensors.Length; first = end)
        {
            long size = Padded(shapes[first]);
            for (end = first + 1; end < tensors.Length && size + Padded(shapes[end]) <= most; end++)
                size += Padded(shapes[end]);
            DeviceBuffer block = device.Pool.Rent(size);
            Tensor whole = new(device, Flat(size), block, 0);
            whole.Fill(0);
            whole.Release();
            long offset = 0;
            for (int i = first; i < end; i++)
            {
                tensors[i] = new Tensor(device, shapes[i], block, offset);
                offset += Padded(shapes[i]);
            }
            block.Release();
        }
        return tensors;
    }

    /// <summary>Whether <paramref name="next"/>, made by <see cref="Zeros"/> as <paramref name="tensor"/> was, lies right behind it.</summary>
    public static bool Follows(Tensor tensor, Tensor next) => ReferenceEquals(tensor.Buffer, next.Buffer) && next.Offset == tensor.Offset + Padded(tensor.Shape);

    /// <summary>Everything from <paramref name="first"/> to <paramref name="last"/> as one tensor, which belongs to no scope. Both were made by one call of <see cref="Zeros"/> and lie in one block.</summary>
    public static Tensor Over(Tensor first, Tensor last) => new(first.Device, Flat(last.Offset + Padded(last.Shape) - first.Offset), first.Buffer, first.Offset);

    /// <summary>Copies values to a tensor of their shape on their device.</summary>
    public static void Copy(Tensor from, Tensor to) => to.Device.Elementwise.Scale(1, from, to);

    /// <summary>Moves values to a tensor of their shape, from another device too, and gives the memory that they leave back.</summary>
    public static void Move(Tensor from, Tensor to)
    {
        Tensor here = from.To(to.Device);
        Copy(here, to);
        here.Release();
        from.Release();
    }

    private static long Padded(Shape shape) => (shape.Count + Alignment - 1) / Alignment * Alignment;

    // An extent has 31 bits; a count of floats may need more.
    private static Shape Flat(long padded) => new(checked((int)(padded / Alignment)), Alignment);
}
