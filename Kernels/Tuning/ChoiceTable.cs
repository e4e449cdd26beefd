using System.Globalization;
using System.Text;

namespace NativeFree.Kernels;

/// <summary>
/// Measured choices as text: a line with the version, comments behind #, for the SIMD engine a line <c>machine NAME</c>, and a line for each shape: <c>Forward 3136 64 576 1 9 1 Winograd</c> (kind, rows, columns,
/// depth, groups, taps, stride, variant).
/// </summary>
public sealed class ChoiceTable
{
    private const string Heading = "nativefree kernel choices 1";
    private const string Shipped = "NativeFree.Kernels.Tuning.processor.choices";
    private const string ShippedSimd = "NativeFree.Kernels.Tuning.simd";
    private const string MachineWord = "machine ";

    // Far more than there are shapes in any model; a longer file is something else.
    private const int MostLines = 100_000;

    private static readonly Lazy<ChoiceTable> ForProcessors = new(static () => ReadShipped(Shipped, "shipped for OpenCL on processors"));
    private static readonly Lazy<ChoiceTable[]> ForSimd = new(static () =>
    [
        .. typeof(ChoiceTable).Assembly.GetManifestResourceNames().Where(static name => name.StartsWith(ShippedSimd, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(static name => ReadShipped(name, "shipped")),
    ]);

    /// <summary>Makes a table.</summary>
    /// <param name="origin">Where it came from, for people.</param>
    /// <param name="entries">The variant for each shape.</param>
    /// <param name="machine">The one machine that it holds for, as <see cref="CpuDevice.Machine"/> names it; null for a table of a GPU device.</param>
    public ChoiceTable(string origin, IReadOnlyDictionary<ProductShape, KernelVariant> entries, string? machine = null)
    {
        Origin = origin;
        Entries = entries;
        Machine = machine;
    }

    /// <summary>Where it came from, for people.</summary>
    public string Origin { get; }

    /// <summary>The one machine that it holds for, as <see cref="CpuDevice.Machine"/> names it; null for a table of a GPU device.</summary>
    public string? Machine { get; }

    /// <summary>The variant for each shape.</summary>
    public IReadOnlyDictionary<ProductShape, KernelVariant> Entries { get; }

    internal static ChoiceTable Empty { get; } = new("none: a rule decides", new Dictionary<ProductShape, KernelVariant>());

    internal static ChoiceTable Processor => ForProcessors.Value;

    /// <summary>What ships for the SIMD engine on a machine; on one where nothing was measured the rule decides: caches differ too much.</summary>
    internal static ChoiceTable Simd(string machine) => ForSimd.Value.FirstOrDefault(table => table.Machine == machine) ?? Empty;

    /// <summary>Reads a table.</summary>
    /// <exception cref="DeviceException">The file cannot be read, or a line is not what a table holds; the message names the line.</exception>
    public static ChoiceTable Load(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);
            return Read(reader, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeviceException($"Kernel choices: the table is a readable file; {e.Message}; write one with 'nativefree bench tune --save FILE'.");
        }
    }

    /// <summary>Writes the table under a temporary name and renames it.</summary>
    /// <param name="file">The path.</param>
    /// <param name="comments">Lines behind #: the device, the date.</param>
    public void Save(string file, params ReadOnlySpan<string> comments)
    {
        ArgumentNullException.ThrowIfNull(file);
        var text = new StringBuilder(Heading).Append('\n');
        foreach (string comment in comments)
            text.Append("# ").Append(comment).Append('\n');
        if (Machine is not null)
            text.Append(MachineWord).Append(Machine).Append('\n');
        foreach ((ProductShape shape, KernelVariant variant) in Entries.OrderBy(static pair => pair.Key.ToString(), StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{shape} {variant}\n");
        string own = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(own, text.ToString());
        File.Move(own, file, overwrite: true);
    }

    private static ChoiceTable ReadShipped(string resource, string origin)
    {
        using Stream stream = typeof(ChoiceTable).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Read(reader, origin);
    }

    private static ChoiceTable Read(TextReader reader, string origin)
    {
        var entries = new Dictionary<ProductShape, KernelVariant>();
        string? machine = null;
        int[] extents = new int[6];
        string? line = reader.ReadLine();
        if (line != Heading)
            throw new DeviceException($"Kernel choices: {origin} begins with '{Heading}'; '{line?[..Math.Min(line.Length, 40)]}' arrived; measure anew with 'nativefree bench tune'.");
        for (int number = 2; (line = reader.ReadLine()) is not null; number++)
        {
            if (number > MostLines)
                throw new DeviceException($"Kernel choices: a table has at most {MostLines} lines; {origin} has more.");
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith(MachineWord, StringComparison.Ordinal))
            {
                machine = line[MachineWord.Length..];
                continue;
            }
            string[] words = line.Split(' ');
            bool good = words.Length == 8;
            for (int i = 0; good && i < extents.Length; i++)
                good = int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out extents[i]);
            if (!good || !Enum.TryParse(words[0], out ProductKind kind) || !Enum.IsDefined(kind) || !Enum.TryParse(words[7], out KernelVariant variant) || !Enum.IsDefined(variant) || variant is KernelVariant.Items or KernelVariant.Lanes)
                throw new DeviceException($"Kernel choices: a line is 'kind rows columns depth groups taps stride variant'; {origin}, line {number} is '{line}'; measure anew with 'nativefree bench tune'.");
            entries[new ProductShape(kind, extents[0], extents[1], extents[2], extents[3], extents[4], extents[5])] = variant;
        }
        return new ChoiceTable(origin, entries, machine);
    }
}
