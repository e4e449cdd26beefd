namespace NativeFree.Loaders;

/// <summary>The arrays of a weight file as its framework groups them, still without a model.</summary>
internal abstract class WeightSource
{
    protected WeightSource(ArrayFile file) => File = file;

    public ArrayFile File { get; }

    /// <summary><c>chainer</c>, <c>keras</c> or, of our own checkpoints, <c>nativefree</c>.</summary>
    public abstract string Framework { get; }

    /// <summary>Names that tell models apart: layers and blocks.</summary>
    public abstract IReadOnlySet<string> Names { get; }

    /// <summary>Arrays of an optimizer's or trainer's state, what describes the model, and what lies beside a prefix that was asked for.</summary>
    public abstract IReadOnlyList<string> TrainingState { get; }

    /// <summary>The file as its framework would read it, or null where it is nobody's weight file.</summary>
    /// <exception cref="WeightException">It is a weight file of a kind that is refused by name.</exception>
    /// <exception cref="FileFormatException">Its names contradict its arrays.</exception>
    public static WeightSource? Of(ArrayFile file, ArrayNames? names = null) =>
        CheckpointSource.Read(file) ?? (WeightSource?)KerasSource.Read(file, names ?? ArrayNames.AsTheyAre) ?? ChainerSource.Read(file, names ?? ArrayNames.AsTheyAre);

    /// <summary>Which array goes where, for the places of a model.</summary>
    public abstract IReadOnlyList<WeightMatch> Match(IReadOnlyList<WeightPlace> places);

    /// <summary>The last axis of the array that tells the number of classes, or null where it is not there.</summary>
    public abstract int? Classes(string layer);
}

/// <summary>An array of the file, the place it belongs to (null: none), and what the place's extents are in a file of this kind.</summary>
/// <param name="Entry">The array.</param>
/// <param name="Place">Its place in the model.</param>
/// <param name="FileShape">Extents that the array should have.</param>
/// <param name="Change">What happens to its order.</param>
/// <param name="IsCopy">Whether the file holds the place's array a second time; it must then be equal.</param>
internal sealed record WeightMatch(ArrayEntry Entry, WeightPlace? Place, IReadOnlyList<long> FileShape, LayoutChange Change, bool IsCopy = false);
