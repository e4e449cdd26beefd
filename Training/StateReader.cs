using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>Reads back what a <see cref="StateWriter"/> put into a checkpoint. Every reader throws <see cref="WeightException"/> for an array that is missing or of another type or size, and <see cref="FileFormatException"/> for a damaged one.</summary>
public sealed class StateReader
{
    // More numbers than any state has besides tensors, whose sizes are known; a damaged file must not ask for more.
    private const long Most = 1 << 24;

    private readonly ArrayFile file;
    private readonly string prefix;

    internal StateReader(ArrayFile file, string prefix = "training/")
    {
        this.file = file;
        this.prefix = prefix;
    }

    /// <summary>A reader of the names below <paramref name="name"/>.</summary>
    public StateReader In(string name) => new(file, $"{prefix}{name}/");

    /// <summary>Whether the array is there.</summary>
    public bool Contains(string name) => file.Find(prefix + name) is not null;

    /// <summary>Whether anything is there below <paramref name="name"/>.</summary>
    public bool ContainsAny(string name) => file.Arrays.Any(entry => entry.Name.StartsWith($"{prefix}{name}/", StringComparison.Ordinal));

    /// <summary>A whole number.</summary>
    public long Int64(string name) => Int64s(name, 1)[0];

    /// <summary>A whole number that counts something in memory: 0 to 2²⁴.</summary>
    public int Count(string name) => Int64(name) is >= 0 and <= Most and var value ? (int)value : throw Fault(name, $"is a count up to {Most}");

    /// <summary>A number.</summary>
    public double Double(string name) => Doubles(name, 1)[0];

    /// <summary>A text.</summary>
    public string Text(string name)
    {
        ArrayEntry entry = Entry(name, 1);
        return entry.Bytes <= 1 << 20 ? file.ReadStrings(entry)[0] : throw Fault(name, "is a text of at most 1 MiB");
    }

    /// <summary>Whole numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="count">How many; any number unless given.</param>
    public long[] Int64s(string name, long? count = null)
    {
        ArrayEntry entry = Entry(name, count);
        long[] values = new long[entry.Count];
        file.ReadInt64s(entry, values);
        return values;
    }

    /// <summary>Numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="count">How many; any number unless given.</param>
    public double[] Doubles(string name, long? count = null)
    {
        ArrayEntry entry = Entry(name, count);
        double[] values = new double[entry.Count];
        file.ReadDoubles(entry, values);
        return values;
    }

    /// <summary>The values of a tensor.</summary>
    /// <param name="name">The name.</param>
    /// <param name="count">How many there must be.</param>
    public float[] Floats(string name, long count)
    {
        ArrayEntry entry = file.Find(prefix + name) ?? throw Fault(name, "is there");
        if (entry.Count != count)
            throw Fault(name, $"has {count} values");
        float[] values = new float[count];
        file.ReadFloats(entry, values);
        return values;
    }

    private ArrayEntry Entry(string name, long? count)
    {
        ArrayEntry entry = file.Find(prefix + name) ?? throw Fault(name, "is there");
        return (count ?? entry.Count) == entry.Count && entry.Count <= Most ? entry : throw Fault(name, $"has {count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"at most {Most}"} values");
    }

    private WeightException Fault(string name, string rule) =>
        new(file.Path, $"'{prefix}{name}' {rule} in a checkpoint; {(file.Find(prefix + name) is { } found ? $"it is {found.Dtype} [{string.Join(", ", found.Shape)}]" : "it is missing")}; resume from a checkpoint of this very training");
}
