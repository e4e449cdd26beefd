using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// Samples by index: an input, its class or its mask, and a name to speak of it. Reading is thread-safe, and what it gives depends on the dataset's own seed, the epoch and the index alone, never on
/// what was read before: so batches can be made ahead on any number of threads, and a run can be resumed anywhere.
/// </summary>
public interface IDataset
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Names of the classes, in the order of their labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The extents of one input: [H, W, C].</summary>
    Shape InputShape { get; }

    /// <summary>The extents of one sample's labels: [] for a class, [H, W] for a mask.</summary>
    Shape LabelShape { get; }

    /// <summary>What a message calls a sample: its file, or its number.</summary>
    string NameOf(int index);

    /// <summary>Writes one sample.</summary>
    /// <param name="index">0 to Count − 1.</param>
    /// <param name="epoch">Chooses the augmentation; the same number gives the same values again.</param>
    /// <param name="x">float32, InputShape.Count values in C order.</param>
    /// <param name="y">int32, LabelShape.Count values in C order, each a class or −1 for a place that counts for nothing.</param>
    /// <exception cref="FileFormatException">The sample's file is not what it should be.</exception>
    /// <exception cref="IOException">The sample's file cannot be read.</exception>
    void Read(int index, int epoch, Span<float> x, Span<int> y);
}
