using System.Collections.Concurrent;

namespace NativeFree.Kernels;

/// <summary>
/// Which variant a device runs for which shape: a table, measured once by <c>nativefree bench tune</c> and read when the device is opened, and a rule for shapes that it does not hold. Nothing is measured while a program computes, so
/// that results stay bit-identical from run to run; only a new table changes them.
/// </summary>
public sealed class KernelChoices
{
    /// <summary>The environment variable that names a table to use instead of the shipped one.</summary>
    public const string Variable = "NATIVEFREE_KERNEL_CHOICES";

    private readonly ConcurrentDictionary<ProductShape, KernelVariant> used = new();
    private readonly ChoiceTable table;
    private readonly bool isProcessor;

    internal KernelChoices(ChoiceTable table, bool isProcessor)
    {
        this.table = table;
        this.isProcessor = isProcessor;
    }

    /// <summary>The measured choices; shapes beside them follow the rule.</summary>
    public IReadOnlyDictionary<ProductShape, KernelVariant> Table => table.Entries;

    /// <summary>Where the table came from: a file, or what the package ships.</summary>
    public string Origin => table.Origin;

    /// <summary>What this device ran so far, with the variant that was chosen.</summary>
    public IEnumerable<KeyValuePair<ProductShape, KernelVariant>> Used => used.OrderBy(static pair => pair.Key.ToString(), StringComparer.Ordinal);

    /// <summary>Runs this variant wherever it can run: to measure and to test each. Null: the table and the rule.</summary>
    internal KernelVariant? Only { get; set; }

    /// <summary>Whether kernels over channels compute sixteen of them in a work-item.</summary>
    internal bool ByLanes => Only == KernelVariant.Lanes || (Only != KernelVariant.Items && isProcessor);

    /// <summary>The variant for a shape.</summary>
    internal KernelVariant For(ProductShape shape, bool winograd, bool depthwise)
    {
        KernelVariant chosen = Only is { } one and not (KernelVariant.Items or KernelVariant.Lanes) ? one : (table.Entries.TryGetValue(shape, out KernelVariant listed) ? listed : Rule(shape, winograd, depthwise));
        // A table written for another geometry of the same extents, or a variant that is asked for everywhere, may not fit this one.
        if ((chosen == KernelVariant.Winograd && !winograd) || (chosen == KernelVariant.Depthwise && !depthwise))
            chosen = Rule(shape, false, false);
        used.TryAdd(shape, chosen);
        return chosen;
    }

    /// <summary>The table of the variable <see cref="Variable"/> where it is set; else what is shipped for processors, or none for GPUs, on which nothing was measured yet.</summary>
    internal static KernelChoices Open(bool isProcessor)
    {
        string? file = Environment.GetEnvironmentVariable(Variable);
        return new KernelChoices(string.IsNullOrEmpty(file) ? (isProcessor ? ChoiceTable.Processor : ChoiceTable.Empty) : ChoiceTable.Load(file), isProcessor);
    }

    private KernelVariant Rule(ProductShape shape, bool winograd, bool depthwise)
    {
        if (depthwise)
            return KernelVariant.Depthwise;
        if (!isProcessor)
            return KernelVariant.Tiled;
        // Winograd's transforms pay for themselves where there are channels to spread them over.
        const int enough = 32;
        if (winograd && shape.Columns >= enough && shape.Depth >= enough * shape.Taps)
            return KernelVariant.Winograd;
        // The widest tile that wastes no more columns than a narrower one.
        return Wasted(shape.Columns, 64) <= Wasted(shape.Columns, 32) && Wasted(shape.Columns, 64) <= Wasted(shape.Columns, 16) ? KernelVariant.Rows64
            : Wasted(shape.Columns, 32) <= Wasted(shape.Columns, 16) ? KernelVariant.Rows32
            : KernelVariant.Rows16;
    }

    private static int Wasted(int columns, int width) => ((columns + width - 1) / width * width) - columns;
}
