using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>The autotuner: measures every variant on the shapes of matrix products, ResNet50 and VGG16 and writes down the fastest for each.</summary>
public static class TuneBenchmark
{
    // A variant that is faster by less than this would change places from run to run.
    private const double Margin = 0.97;
    private const double FarSlower = 3;

    /// <summary>Measures, prints a line a shape and gives the table. Nothing else changes the choices of a device; saving the table and naming it in NATIVEFREE_KERNEL_CHOICES does.</summary>
    /// <param name="deviceName"><c>opencl:N</c> or <c>cuda:N</c>.</param>
    /// <param name="only">Only shapes whose name contains this, or null for all; the others keep the choice they have.</param>
    /// <param name="rounds">Timed slots for each variant.</param>
    /// <param name="output">Gets the lines.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">The device runs no GPU kernels, or is the emulator.</exception>
    /// <exception cref="DeviceException">There is no such device.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static ChoiceTable Run(string deviceName, string? only, int rounds, TextWriter output, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        using GpuDevice device = GpuTimer.Open(deviceName);
        if (device.Kind == DeviceKind.Emulator)
            throw new BenchmarkException("bench tune: choices are measured on a device; the emulator's times say nothing of one; name opencl:N.");
        var entries = new Dictionary<ProductShape, KernelVariant>(device.Choices.Table);
        output.WriteLine($"{device.Name} ({deviceName}); choices so far: {device.Choices.Origin}");
        foreach ((GpuWork work, ProductShape shape) in Works())
        {
            cancel.ThrowIfCancellationRequested();
            if (only is not null && !work.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                continue;
            using var scope = new Scope();
            KernelVariant[] variants = [.. work.Variants.Where(variant => variant != KernelVariant.Winograd || shape is { Taps: 9, Stride: 1 })];
            variants = Near(device, work, variants, cancel);
            Timing[] timings = Interleaved.Measure([.. variants.Select(variant => GpuTimer.Contender(device, work, variant))], rounds, cancel);
            device.Choices.Only = null;
            int best = 0;
            for (int i = 1; i < variants.Length; i++)
            {
                if (timings[i].Min < timings[best].Min * Margin)
                    best = i;
            }
            entries[shape] = variants[best];
            output.WriteLine($"{work.Name}: {variants[best]}; " + string.Join(", ", variants.Select((variant, i) => string.Create(CultureInfo.InvariantCulture, $"{variant} {timings[i].Min:F3} ms"))));
        }
        return new ChoiceTable($"measured on {device.Name}", entries);
    }

    /// <summary>The choices of a device, one a line.</summary>
    /// <exception cref="BenchmarkException">The device runs no GPU kernels.</exception>
    /// <exception cref="DeviceException">There is no such device.</exception>
    public static void Print(string deviceName, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using GpuDevice device = GpuTimer.Open(deviceName);
        output.WriteLine($"{device.Name} ({deviceName}); choices: {device.Choices.Origin}\nkind rows columns depth groups taps stride: variant");
        foreach ((ProductShape shape, KernelVariant variant) in device.Choices.Table.OrderBy(static pair => pair.Key.ToString(), StringComparer.Ordinal))
            output.WriteLine($"{shape}: {variant}");
        output.WriteLine(device.IsProcessor ? "others: Winograd for prepared 3×3 convolutions of 32 channels or more, else the widest rows that waste least columns" : "others: Tiled");
    }

    // One run each says which are worth timing; one that is far slower would take most of the time.
    private static KernelVariant[] Near(GpuDevice device, GpuWork work, KernelVariant[] variants, CancellationToken cancel)
    {
        double[] once = [.. variants.Select(variant => GpuTimer.Contender(device, work, variant).Run(2, cancel)[1])];
        return [.. variants.Where((_, i) => once[i] <= FarSlower * once.Min())];
    }

    private static IEnumerable<(GpuWork Work, ProductShape Shape)> Works()
    {
        foreach (int n in (int[])[256, 512, 1024])
            yield return (GpuWork.Product(n), new ProductShape(ProductKind.Product, n, n, n, 1, 0, 0));
        foreach (ConvolutionLayer layer in ConvolutionLayer.ResNet50.Concat(ConvolutionLayer.Vgg16))
        {
            ConvolutionGeometry g = layer.Geometry(1);
            yield return (GpuWork.Convolution($"{layer.Name} prepared", ProductKind.Prepared, g), GpuProblems.Forward(g, ProductKind.Prepared));
        }
        foreach (ConvolutionLayer layer in ConvolutionLayer.ResNet50)
        {
            ConvolutionGeometry g = layer.Geometry(8);
            yield return (GpuWork.Convolution($"{layer.Name} x8", ProductKind.Forward, g), GpuProblems.Forward(g, ProductKind.Forward));
            yield return (GpuWork.Convolution($"{layer.Name} x8 input gradient", ProductKind.InputGradient, g), GpuProblems.InputGradient(g));
            yield return (GpuWork.Convolution($"{layer.Name} x8 filter gradient", ProductKind.FilterGradient, g), GpuProblems.FilterGradient(g));
        }
    }
}
