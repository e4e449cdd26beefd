using System.Diagnostics;
using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>
/// The autotuner of the SIMD engine: the convolutions of ResNet, VGG, GoogLeNet and the U-Net, prepared, at batch 1 and 8. 3×3 with stride 1 directly and by Winograd in blocks, in phases and in smaller tiles; the others directly, pixels or
/// panels of the filter shared out, in runs of taps or of filter rows. As in a network, the filter comes from memory and the input from the cache.
/// </summary>
public static class CpuTuneBenchmark
{
    // What the rule would take stays unless another is faster by more than runs differ.
    private const double Margin = 0.95;

    // Turns of a round, one run of each way a turn, and what a round may take once it has the fewest.
    private const int FewestTurns = 3;
    private const int MostTurns = 15;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private static readonly int[] Batches = [1, 8];
    private static readonly KernelVariant[] Winograd = [KernelVariant.Direct, KernelVariant.WinogradBlocks, KernelVariant.WinogradPhases, KernelVariant.WinogradSmallTiles];
    private static readonly KernelVariant[] Direct = [KernelVariant.Direct, KernelVariant.DirectPixels, KernelVariant.DirectPanels, KernelVariant.DirectTaps, KernelVariant.DirectRows];

    /// <summary>Measures, prints a line a shape and gives the table, which holds for this processor and vector width. Saving it and naming it in NATIVEFREE_CPU_CHOICES changes what plans run; nothing else does.</summary>
    /// <param name="threads">Threads that compute; 0: one per core.</param>
    /// <param name="only">Only shapes whose name contains this, or null for all; the others keep the choice they have.</param>
    /// <param name="rounds">Timed rounds for each variant: 3 to 15 runs each, the variants in turn. What beats the rule's way goes through them again.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="DeviceException">The table in use cannot be read or holds for another machine.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static ChoiceTable Run(int threads, string? only, int rounds, TextWriter output, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var device = new CpuDevice(threads);
        var entries = new Dictionary<ProductShape, KernelVariant>(device.Choices.Table);
        output.WriteLine($"{device.Name}, {ProcessorName.Text}; choices so far: {device.Choices.Origin}");
        double chosen = 0, ruled = 0;
        foreach ((string name, ConvolutionGeometry geometry) in Works().Where(work => only is null || work.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = new Scope();
            // The rule's way first.
            List<(KernelVariant Variant, ColdContender Contender)> ways = Ways(device, geometry);
            Timing[] timings = InTurn([.. ways.Select(way => way.Contender)], rounds, cancel);
            int best = 0;
            for (int i = 1; i < ways.Count; i++)
            {
                if (timings[i].Median < timings[best].Median * (best == 0 ? Margin : 1))
                    best = i;
            }
            // Of a hundred shapes a few seem faster by chance: a second time they do not.
            if (best != 0 && InTurn([ways[0].Contender, ways[best].Contender], rounds, cancel) is var again && again[1].Median >= again[0].Median * Margin)
                best = 0;
            entries[GpuProblems.Forward(geometry, ProductKind.Prepared)] = ways[best].Variant;
            chosen += timings[best].Median;
            ruled += timings[0].Median;
            output.WriteLine($"{name}: {ways[best].Variant}{(best == 0 ? "" : $" instead of {ways[0].Variant}")}; " + string.Join(", ", ways.Select((way, i) => string.Create(CultureInfo.InvariantCulture, $"{way.Variant} {timings[i].Median:F3} ms"))));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all shapes: {chosen:F1} ms as chosen, {ruled:F1} ms by the rule"));
        return new ChoiceTable($"measured on {CpuDevice.Machine}", entries, CpuDevice.Machine);
    }

    /// <summary>The choices of the SIMD engine, one a line, and the rule for other shapes.</summary>
    /// <exception cref="DeviceException">The table in use cannot be read or holds for another machine.</exception>
    public static void Print(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var device = new CpuDevice(1);
        output.WriteLine($"{CpuDevice.Machine}; choices: {device.Choices.Origin}\nkind rows columns depth groups taps stride: variant");
        foreach ((ProductShape shape, KernelVariant variant) in device.Choices.Table.OrderBy(static pair => pair.Key.ToString(), StringComparer.Ordinal))
            output.WriteLine($"{shape}: {variant}");
        output.WriteLine("others: 3×3 with stride 1 and whole vectors of channels by Winograd from 5 tiles of 4×4 on, in blocks or in phases, whichever moves less beyond L2, on fewer with 128 channels and more from 9 tiles of 2×2 on; everything else Direct: the larger of filter and input shared out, whole filter rows below 16 channels");
    }

    // One run of each in turn: on a machine with neighbours a second of one way is not what the next second of another is.
    private static Timing[] InTurn(ColdContender[] ways, int rounds, CancellationToken cancel)
    {
        List<double>[] samples = [.. ways.Select(static _ => new List<double>())];
        if (ways.Length == 1)
            rounds = 1;
        foreach (ColdContender way in ways)
            way.WarmUp(cancel);
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int turn = 0; turn < MostTurns && (turn < FewestTurns || Stopwatch.GetElapsedTime(start) < Round); turn++)
            {
                for (int i = 0; i < ways.Length; i++)
                {
                    int way = (i + turn) % ways.Length;
                    samples[way].AddRange(ways[way].Run(1, cancel));
                }
            }
        }
        return [.. samples.Select(Timing.Of)];
    }

    // The rule's way first; what computes as another does is left out.
    private static List<(KernelVariant Variant, ColdContender Contender)> Ways(CpuDevice device, ConvolutionGeometry geometry)
    {
        Tensor x = Values.Tensor(device, geometry.InShape, 1), w = Values.Tensor(device, geometry.FilterShape, 2), y = new(device, geometry.OutShape);
        KernelVariant rule = KernelChoices.CpuRule(geometry);
        var ways = new List<(KernelVariant, ColdContender)>();
        var seen = new HashSet<object>();
        foreach (KernelVariant variant in (WinogradConvolution.Fits(geometry) ? Winograd : Direct).OrderByDescending(variant => variant == rule))
        {
            device.Choices.Only = variant;
            PreparedConvolution prepared = device.Convolution.Prepare(geometry, w, null, true, false, geometry.OutChannels);
            if (seen.Add(prepared.Way))
                ways.Add((variant, new ColdContender($"{variant}", device, x, () => prepared.Run(x, y, 0, null))));
        }
        device.Choices.Only = null;
        return ways;
    }

    private static IEnumerable<(string Name, ConvolutionGeometry Geometry)> Works()
    {
        var seen = new HashSet<ProductShape>();
        ConvolutionLayer[][] networks = [ConvolutionLayer.ResNet50, ConvolutionLayer.ResNet50Strided1x1, ConvolutionLayer.Vgg16, ConvolutionLayer.GoogLeNet3x3, ConvolutionLayer.GoogLeNetOthers, ConvolutionLayer.UNet3x3];
        foreach (int batch in Batches)
        {
            foreach (ConvolutionLayer layer in networks.SelectMany(static layers => layers))
            {
                ConvolutionGeometry geometry = layer.Geometry(batch);
                if (seen.Add(GpuProblems.Forward(geometry, ProductKind.Prepared)))
                    yield return ($"{layer.Name} x{batch}", geometry);
            }
        }
    }
}
