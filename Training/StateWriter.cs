using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>Collects the numbers, texts and tensors that a checkpoint keeps beside the weights, each an array of the npz file under a path of its own. Tensors are read when the file is written.</summary>
public sealed class StateWriter
{
    private readonly string prefix;
    private readonly List<NamedArray> arrays;

    internal StateWriter() : this("training/", [])
    {
    }

    private StateWriter(string prefix, List<NamedArray> arrays)
    {
        this.prefix = prefix;
        this.arrays = arrays;
    }

    internal IReadOnlyList<NamedArray> Arrays => arrays;

    /// <summary>A writer for the names below <paramref name="name"/>.</summary>
    public StateWriter In(string name) => new($"{prefix}{name}/", arrays);

    /// <summary>Keeps a whole number.</summary>
    public void Write(string name, long value) => arrays.Add(NamedArray.Of<long>(prefix + name, [], new[] { value }));

    /// <summary>Keeps a number, to the bit.</summary>
    public void Write(string name, double value) => arrays.Add(NamedArray.Of<double>(prefix + name, [], new[] { value }));

    /// <summary>Keeps a text.</summary>
    public void Write(string name, string value) => arrays.Add(NamedArray.Texts(prefix + name, [], [value]));

    /// <summary>Keeps whole numbers.</summary>
    public void Write(string name, long[] values) => arrays.Add(NamedArray.Of<long>(prefix + name, [values.Length], values));

    /// <summary>Keeps numbers, to the bit.</summary>
    public void Write(string name, double[] values) => arrays.Add(NamedArray.Of<double>(prefix + name, [values.Length], values));

    /// <summary>Keeps a tensor, to the bit.</summary>
    public void Write(string name, Tensor values) => arrays.Add(CheckpointFile.ArrayOf(prefix + name, values));
}
