namespace NativeFree.Kernels;

/// <summary>The last few channels of every pixel, copied to one whole vector a pixel with zeros behind, so that a vector load stays inside.</summary>
internal readonly unsafe struct PaddedColumns : IDisposable
{
    private readonly DeviceBuffer copy;

    private PaddedColumns(DeviceBuffer copy) => this.copy = copy;

    public float* Pointer => copy is null ? null : (float*)copy.Address;

    public static PaddedColumns Of(CpuDevice device, Tensor tensor, int first, int count, int lanes)
    {
        int channels = tensor.Shape[-1], pixels = checked((int)(tensor.Count / channels));
        DeviceBuffer copy = device.Pool.Rent((long)pixels * lanes);
        float* source = tensor.Pointer + first, destination = (float*)copy.Address;
        device.Crew.For(pixels, device.Crew.Grain(pixels), (from, to) =>
        {
            new Span<float>(destination + ((long)from * lanes), (to - from) * lanes).Clear();
            for (long p = from; p < to; p++)
            {
                for (int c = 0; c < count; c++)
                    destination[(p * lanes) + c] = source[(p * channels) + c];
            }
        });
        return new PaddedColumns(copy);
    }

    public void Dispose() => copy?.Release();
}
