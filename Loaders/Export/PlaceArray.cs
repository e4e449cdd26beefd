using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>A tensor on its way into a file, handed over in pieces in the file's order.</summary>
internal static class PlaceArray
{
    /// <summary>Nothing is read before the writer asks for it, and no second copy is made of a tensor on a CPU; one on another device is downloaded once.</summary>
    public static NamedArray Of(string name, IReadOnlyList<long> shape, Func<Tensor> read, LayoutChange change)
    {
        Tensor? host = null;
        return NamedArray.OfPieces(name, shape, (start, piece) =>
        {
            if (host is null || start == 0)
            {
                Tensor value = read();
                host = value.Device is CpuDevice ? value : value.To(CpuDevice.Default);
            }
            host.Read(new Piece(piece, start, change), static (values, wanted) => wanted.Change.Gather(values, wanted.Start, wanted.Target));
        });
    }

    private readonly ref struct Piece(Span<float> target, long start, LayoutChange change)
    {
        public Span<float> Target { get; } = target;

        public long Start { get; } = start;

        public LayoutChange Change { get; } = change;
    }
}
