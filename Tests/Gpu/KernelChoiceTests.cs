using NativeFree.Benchmarks;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>Tables of kernel choices: written, read, refused, obeyed; and the commands that show and measure kernels.</summary>
public sealed class KernelChoiceTests
{
    private static readonly ProductShape Shape = new(ProductKind.Product, 33, 40, 17, 1, 0, 0);

    [Fact]
    public void A_table_reads_back_as_it_was_written()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "own.choices");
        var entries = new Dictionary<ProductShape, KernelVariant> { [Shape] = KernelVariant.Rows16, [Shape with { Kind = ProductKind.Prepared, Taps = 9, Stride = 1 }] = KernelVariant.Winograd };
        new ChoiceTable("here", entries).Save(file, "a device", "a day");
        Assert.Equal(["nativefree kernel choices 1", "# a device", "# a day", "Prepared 33 40 17 1 9 1 Winograd", "Product 33 40 17 1 0 0 Rows16"], File.ReadAllLines(file));
        Assert.Equal(entries, ChoiceTable.Load(file).Entries.ToDictionary());
    }

    [Theory]
    [InlineData("", "begins with 'nativefree kernel choices 1'")]
    [InlineData("nativefree kernel choices 2\n", "begins with")]
    [InlineData("nativefree kernel choices 1\nProduct 1 2 3 4 5 Tiled\n", "line 2")]
    [InlineData("nativefree kernel choices 1\n\nProduct 1 2 3 4 5 -6 Tiled\n", "line 3")]
    [InlineData("nativefree kernel choices 1\nProduct 1 2 3 4 5 6 17\n", "line 2")]
    [InlineData("nativefree kernel choices 1\nProduct 1 2 3 4 5 6 Lanes\n", "line 2")]
    [InlineData("nativefree kernel choices 1\nBlend 1 2 3 4 5 6 Tiled\n", "line 2")]
    public void Another_file_is_refused_with_its_line(string text, string says)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "own.choices");
        File.WriteAllText(file, text);
        string message = Assert.Throws<DeviceException>(() => ChoiceTable.Load(file)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Throws<DeviceException>(() => ChoiceTable.Load(Path.Combine(folder.Path, "none")));
    }

    [Fact]
    public void A_device_runs_what_the_table_says_and_the_rule_for_the_rest()
    {
        var choices = new KernelChoices(new ChoiceTable("here", new Dictionary<ProductShape, KernelVariant> { [Shape] = KernelVariant.Rows16, [Shape with { Rows = 1 }] = KernelVariant.Winograd }), isProcessor: true);
        Assert.Equal(KernelVariant.Rows16, choices.For(Shape, false, false));
        // A table's Winograd where it cannot run gives way to the rule.
        Assert.Equal(KernelVariant.Rows16, choices.For(Shape with { Rows = 1 }, false, false));
        Assert.Equal(KernelVariant.Rows64, choices.For(Shape with { Columns = 128 }, false, false));
        Assert.Equal(KernelVariant.Rows32, choices.For(Shape with { Columns = 96 }, false, false));
        Assert.Equal(KernelVariant.Winograd, choices.For(Shape with { Columns = 64, Depth = 576, Taps = 9 }, true, false));
        Assert.Equal(KernelVariant.Depthwise, choices.For(Shape with { Columns = 1 }, false, true));
        Assert.Equal(KernelVariant.Tiled, new KernelChoices(ChoiceTable.Empty, isProcessor: false).For(Shape, true, false));
        Assert.Equal(6, choices.Used.Count());
        Assert.True(choices.ByLanes);
        choices.Only = KernelVariant.Items;
        Assert.False(choices.ByLanes);
        Assert.Equal(KernelVariant.Rows16, choices.For(Shape, false, false));
        Assert.Equal("shipped for OpenCL on processors", ChoiceTable.Processor.Origin);
    }

    [Fact]
    public void A_table_of_the_simd_engine_holds_for_its_machine_alone()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "own.choices");
        new ChoiceTable("here", new Dictionary<ProductShape, KernelVariant> { [Shape] = KernelVariant.Direct }, "512-bit vectors, Some CPU").Save(file, "a day");
        Assert.Equal(["nativefree kernel choices 1", "# a day", "machine 512-bit vectors, Some CPU", "Product 33 40 17 1 0 0 Direct"], File.ReadAllLines(file));
        Assert.Equal("512-bit vectors, Some CPU", ChoiceTable.Load(file).Machine);
        Assert.Equal(file, KernelChoices.OpenCpu(file, "512-bit vectors, Some CPU").Origin);
        Assert.Contains("is for 512-bit vectors, Some CPU, this is 256-bit vectors, Some CPU", Assert.Throws<DeviceException>(() => KernelChoices.OpenCpu(file, "256-bit vectors, Some CPU")).Message, StringComparison.Ordinal);
        new ChoiceTable("a GPU's", new Dictionary<ProductShape, KernelVariant>()).Save(file);
        Assert.Contains("is for a GPU device", Assert.Throws<DeviceException>(() => KernelChoices.OpenCpu(file, "512-bit vectors, Some CPU")).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{SimdWidth.Bits}-bit vectors, ", CpuDevice.Machine, StringComparison.Ordinal);
    }

    [Fact]
    public void The_simd_engine_runs_what_its_table_says_and_the_rule_for_the_rest()
    {
        ConvolutionGeometry wide = Convolution(16, 16, 3), odd = Convolution(16, 17, 3), tiny = Convolution(16, 16, 3, size: 7), large = Convolution(512, 512, 3, size: 28);
        ConvolutionGeometry few = Convolution(128, 128, 3, size: 5), fewer = Convolution(512, 512, 3, size: 4), thin = Convolution(112, 128, 3, size: 7);
        ProductShape listed = GpuProblems.Forward(wide, ProductKind.Prepared);
        KernelChoices empty = new(ChoiceTable.Empty, isProcessor: false);
        Assert.Equal(
            [KernelVariant.WinogradBlocks, KernelVariant.Direct, KernelVariant.Direct, KernelVariant.WinogradPhases, KernelVariant.Direct, KernelVariant.WinogradSmallTiles, KernelVariant.Direct, KernelVariant.Direct],
            ((ConvolutionGeometry[])[wide, odd, tiny, large, Convolution(16, 16, 1), few, fewer, thin]).Select(empty.For));
        // A variant of other devices in the table gives way to the rule.
        foreach ((KernelVariant says, KernelVariant runs) in ((KernelVariant, KernelVariant)[])[(KernelVariant.Direct, KernelVariant.Direct), (KernelVariant.WinogradPhases, KernelVariant.WinogradPhases), (KernelVariant.Rows64, KernelVariant.WinogradBlocks)])
        {
            KernelChoices choices = new(new ChoiceTable("here", new Dictionary<ProductShape, KernelVariant> { [listed] = says }), isProcessor: false);
            Assert.Equal(runs, choices.For(wide));
            Assert.Equal(runs, Assert.Single(choices.Used).Value);
        }
        // And the device does as its choices say.
        var device = new CpuDevice(1);
        using var scope = new Scope();
        foreach ((KernelVariant only, string algorithm) in ((KernelVariant, string)[])[(KernelVariant.Direct, "direct"), (KernelVariant.WinogradBlocks, "winograd 4×4"), (KernelVariant.WinogradSmallTiles, "winograd 2×2")])
        {
            device.Choices.Only = only;
            Assert.Equal(algorithm, device.Convolution.Prepare(wide, Tensor.Zeros(device, wide.FilterShape), null, false, false, 16).Algorithm);
        }

        static ConvolutionGeometry Convolution(int channels, int results, int kernel, int size = 13) =>
            ConvolutionGeometry.Create(new Shape(1, size, size, channels), new Shape(kernel, kernel, channels, results), (1, 1), Padding.All(kernel / 2), (1, 1), 1);
    }

    [Theory]
    [InlineData("512-bit vectors, AMD EPYC (family 25, model 17)")]
    [InlineData("256-bit vectors, AMD EPYC (family 25, model 17)")]
    [InlineData("512-bit vectors, Intel(R) Xeon(R) Processor (family 6, model 207)")]
    [InlineData("256-bit vectors, AMD EPYC (family 23, model 1)")]
    public void A_table_ships_whose_shapes_can_run_what_it_says(string machine)
    {
        IReadOnlyDictionary<ProductShape, KernelVariant> entries = ChoiceTable.Simd(machine).Entries;
        Assert.NotEmpty(entries);
        foreach ((ProductShape shape, KernelVariant variant) in entries)
        {
            Assert.Equal(ProductKind.Prepared, shape.Kind);
            Assert.True(
                variant switch
                {
                    KernelVariant.WinogradBlocks or KernelVariant.WinogradPhases or KernelVariant.WinogradSmallTiles => shape is { Taps: 9, Stride: 1, Groups: 1 },
                    KernelVariant.DirectRows => shape is { Taps: > 1, Groups: 1 },
                    _ => variant >= KernelVariant.Direct,
                },
                $"{shape} {variant}");
        }
    }

    [Theory]
    [InlineData("512-bit vectors, AMD EPYC (family 25, model 17)")]
    [InlineData("256-bit vectors, AMD EPYC (family 23, model 1)")]
    public void A_table_ships_that_holds_every_kind_of_convolution(string machine)
    {
        IReadOnlyDictionary<ProductShape, KernelVariant> entries = ChoiceTable.Simd(machine).Entries;
        foreach (int batch in (int[])[1, 8])
        {
            foreach (ProductShape shape in (ProductShape[])
            [
                new(ProductKind.Prepared, 12544 * batch, 64, 147, 1, 49, 2), new(ProductKind.Prepared, 50176 * batch, 64, 27, 1, 9, 1), new(ProductKind.Prepared, 3136 * batch, 64, 64, 1, 1, 1),
                new(ProductKind.Prepared, 784 * batch, 128, 1152, 1, 9, 2), new(ProductKind.Prepared, 196 * batch, 1024, 512, 1, 1, 2), new(ProductKind.Prepared, 196 * batch, 256, 1024, 1, 1, 1),
                new(ProductKind.Prepared, 49 * batch, 128, 1200, 1, 25, 1), new(ProductKind.Prepared, 49 * batch, 2048, 512, 1, 1, 1), new(ProductKind.Prepared, 49 * batch, 512, 4608, 1, 9, 1),
            ])
                Assert.True(entries.ContainsKey(shape), $"{shape}");
        }
    }

    [Fact]
    public void Tuning_the_simd_engine_measures_prints_and_saves()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "own.choices");
        CommandRun run = CommandRun.Of("bench", "tune", "--device", "cpu", "--only", "googlenet conv 160-320 3x3/1 @7 x1", "--threads", "1", "--rounds", "1", "--save", file);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("googlenet conv 160-320 3x3/1 @7 x1: ", run.Output, StringComparison.Ordinal);
        ChoiceTable table = ChoiceTable.Load(file);
        Assert.Equal(CpuDevice.Machine, table.Machine);
        Assert.Contains(table.Entries.Keys, static shape => shape == new ProductShape(ProductKind.Prepared, 49, 320, 1440, 1, 9, 1));
        run = CommandRun.Of("bench", "tune", "--device", "cpu", "--print");
        Assert.Equal(0, run.Code);
        Assert.StartsWith(CpuDevice.Machine, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tuning_looks_where_it_will_save_before_it_measures()
    {
        using TemporaryFolder folder = new();
        foreach (string place in new[] { folder.Path, Path.Combine(folder.Path, "none", "own.choices") })
        {
            CommandRun run = CommandRun.Of("bench", "tune", "--device", "cpu", "--only", "googlenet conv 160-320 3x3/1 @7 x1", "--threads", "1", "--rounds", "1", "--save", place);
            Assert.Equal(1, run.Code);
            Assert.Empty(run.Output);
            Assert.Contains($"{place}: a file is written into a folder that exists; ", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tuning_prints_the_choices_of_a_device_and_refuses_the_emulator()
    {
        CommandRun run = CommandRun.Of("bench", "tune", "--device", "emulator", "--print");
        Assert.Equal(0, run.Code);
        Assert.Contains("others: Tiled", run.Output, StringComparison.Ordinal);
        run = CommandRun.Of("bench", "tune", "--device", "emulator");
        Assert.Equal(1, run.Code);
        run.AssertOneLine();
        Assert.Equal(1, CommandRun.Of("bench", "gpu", "--device", "cpu").Code);
    }

    [OpenClFact]
    public void Tuning_measures_and_saves_and_the_peers_agree()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "own.choices");
        CommandRun run = CommandRun.Of("bench", "tune", "--device", "opencl:0", "--only", "sgemm 256", "--rounds", "1", "--save", file);
        Assert.Equal(0, run.Code);
        Assert.Contains(ChoiceTable.Load(file).Entries.Keys, static shape => shape is { Kind: ProductKind.Product, Rows: 256, Columns: 256, Depth: 256 });
        Assert.Equal(0, CommandRun.Of("bench", "gpu", "--device", "opencl:0", "--only", "sgemm 512", "--rounds", "1", "--no-peers").Code);
        using GpuDevice device = GpuTimer.Open("opencl:0");
        GpuPeak peak = GpuPeak.Measure(device);
        Assert.True(peak.Gflops > 1 && peak.Gigabytes > 0.1, $"{peak}");
    }
}
