namespace NativeFree.Kernels;

/// <summary>A transposed copy of a matrix in pooled memory: [K, M] becomes [M, K].</summary>
internal readonly unsafe struct Transposed : IDisposable
{
    private const int Block = 32;

    private readonly DeviceBuffer copy;

    private Transposed(DeviceBuffer copy) => this.copy = copy;

    public float* Pointer => (float*)copy.Address;

    public static Transposed Of(CpuDevice device, Tensor matrix)
    {
        int rows = matrix.Shape[0], columns = matrix.Shape[1], bands = (columns + Block - 1) / Block;
        DeviceBuffer copy = device.Pool.Rent(matrix.Count);
        float* source = matrix.Pointer, destination = (float*)copy.Address;
        device.Crew.For(bands, device.Crew.Grain(bands), (from, to) =>
        {
            for (int r0 = 0; r0 < rows; r0 += Block)
            {
                for (int c = from * Block; c < Math.Min(to * Block, columns); c++)
                {
                    float* d = destination + ((long)c * rows);
                    for (int r = r0; r < Math.Min(r0 + Block, rows); r++)
                        d[r] = source[((long)r * columns) + c];
                }
            }
        });
        return new Transposed(copy);
    }

    public void Dispose() => copy.Release();
}
