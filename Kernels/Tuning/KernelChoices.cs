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

    /// <summary>The same for the SIMD engine, whose tables hold for one processor and vector width.</summary>
    public const string CpuVariable = "NATIVEFREE_CPU_CHOICES";

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
        if ((chosen == KernelVariant.Winograd && !winograd) || (chosen == KernelVariant.Depthwise && !depthwise) || chosen >= KernelVariant.Direct)
            chosen = Rule(shape, false, false);
        used.TryAdd(shape, chosen);
        return chosen;
    }

    /// <summary>The SIMD engine's variant for a prepared convolution: the table's, or the rule's where the table is silent or names what this geometry cannot run.</summary>
    internal KernelVariant For(ConvolutionGeometry geometry)
    {
        ProductShape shape = GpuProblems.Forward(geometry, ProductKind.Prepared);
        KernelVariant chosen = Only is { } one && Runs(one, geometry) ? one : table.Entries.TryGetValue(shape, out KernelVariant listed) && Runs(listed, geometry) ? listed : CpuRule(geometry);
        used.TryAdd(shape, chosen);
        return chosen;
    }

    /// <summary>What the SIMD engine runs where no table speaks.</summary>
    internal static KernelVariant CpuRule(ConvolutionGeometry geometry) => WinogradConvolution.Fits(geometry) ? WinogradConvolution.Rule(geometry) : KernelVariant.Direct;

    // A shape in a table tells neither padding nor dilation: two geometries may share it.
    private static bool Runs(KernelVariant variant, ConvolutionGeometry geometry) => variant switch
    {
        KernelVariant.WinogradBlocks or KernelVariant.WinogradPhases or KernelVariant.WinogradSmallTiles => WinogradConvolution.Fits(geometry),
        KernelVariant.DirectRows => CpuConvolution.CanReadWholeRows(geometry),
        _ => variant is KernelVariant.Direct or KernelVariant.DirectTaps or KernelVariant.DirectPixels or KernelVariant.DirectPanels,
    };

    /// <summary>The SIMD engine's: the table of the variable <see cref="CpuVariable"/> where it is set, else what is shipped for this machine, if anything is.</summary>
    /// <exception cref="DeviceException">The table cannot be read, or holds for another machine.</exception>
    internal static KernelChoices OpenCpu(string? file, string machine)
    {
        if (string.IsNullOrEmpty(file))
            return new KernelChoices(ChoiceTable.Simd(machine), isProcessor: false);
        ChoiceTable table = ChoiceTable.Load(file);
        if (table.Machine != machine)
            throw new DeviceException($"Kernel choices: a table holds for the machine it was measured on; {file} is for {table.Machine ?? "a GPU device"}, this is {machine}; measure anew with 'nativefree bench tune --device cpu --save FILE'.");
        return new KernelChoices(table, isProcessor: false);
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
