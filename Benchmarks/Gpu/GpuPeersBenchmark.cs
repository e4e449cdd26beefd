using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Our kernels beside CLBlast on one OpenCL device in one run; on the emulator, our kernels alone.</summary>
public static class GpuPeersBenchmark
{
    private const string ClBlastKey = "clblast";

    /// <summary>Times matrix products and the convolution 64 → 64, 3×3, 56² by the variants that the device chooses, beside CLBlast's SGEMM and convgemm with its own tuning for the device.</summary>
    /// <param name="options">How to run; threads are the driver's.</param>
    /// <param name="deviceName"><c>opencl:N</c>, <c>cuda:N</c> or <c>emulator</c>.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A result is wrong, or the device runs no GPU kernels, or no piece of work has the name asked for.</exception>
    /// <exception cref="DeviceException">There is no such device.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, string deviceName, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        DateTimeOffset started = DateTimeOffset.UtcNow;
        using GpuDevice device = GpuTimer.Open(deviceName);
        Machine machine = Machine.Of(CpuDevice.Default);
        GpuPeak before = GpuPeak.Measure(device);
        string? absence = options.Peers ? ClBlast.AbsenceOn(device) : "CLBlast: not asked for";
        var rows = new List<BenchmarkRow>();
        var notes = new List<string>();
        int[] sizes = device.Kind == DeviceKind.Emulator ? [512] : [512, 1024];
        foreach (int n in sizes)
        {
            GpuWork work = GpuWork.Product(n);
            if (Wanted(options, work.Name))
                Product(work, n);
        }
        if (device.Kind != DeviceKind.Emulator && Wanted(options, "conv 64-64 3x3 @56"))
            Convolution();
        if (rows.Count == 0)
            throw new BenchmarkException($"bench gpu: --only names a piece of work; none contains '{options.Only}'; leave --only out to see all names.");
        GpuPeak after = GpuPeak.Measure(device);
        double peak = Math.Max(before.Gflops, after.Gflops);
        return new BenchmarkReport(
            "gpu",
            $"GPU kernels on {device.Name} ({deviceName}), whose own peak is {ReportTable.Rate(peak)} GFLOP/s and {Math.Max(before.Gigabytes, after.Gigabytes):F1} GB/s; each run waits for the device; a convolution's filter is prepared before, as in a compiled model.",
            started, machine, peak, [absence ?? "CLBlast: the installed library, its tuning for this device, same queue and buffers"], rows, notes);

        void Product(GpuWork work, int n)
        {
            using var scope = new Scope();
            Tensor a = Values.Tensor(device, new Shape(n, n), 1), b = Values.Tensor(device, new Shape(n, n), 2), y = new(device, new Shape(n, n));
            Action ours = () =>
            {
                device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None);
                device.Synchronize();
            };
            ours();
            float[] left = a.ToArray(), right = b.ToArray(), result = y.ToArray();
            Agreement.Check(work.Name, result, Values.Sample((long)n * n), at => Enumerable.Range(0, n).Sum(k => (double)left[(at / n * n) + k] * right[(k * n) + (at % n)]));
            Tensor theirs = new(device, y.Shape);
            Measure(work.Name, device.Choices.Used.Last(pair => pair.Key.Kind == ProductKind.Product && pair.Key.Rows == n).Value.ToString(), work.Flops, ours, () => ClBlast.Multiply(device, a, b, theirs), () => theirs.ToArray(), result);
        }

        void Convolution()
        {
            using var scope = new Scope();
            ConvolutionGeometry g = GpuWork.Yardstick;
            Tensor image = Values.Tensor(CpuDevice.Default, g.InShape, 1), filter = Values.Tensor(CpuDevice.Default, g.FilterShape, 2);
            Tensor x = image.To(device), w = filter.To(device), y = new(device, g.OutShape);
            PreparedConvolution prepared = device.Convolution.Prepare(g, w, null, false, false, g.OutChannels);
            Action ours = () =>
            {
                prepared.Run(x, y, 0, null);
                device.Synchronize();
            };
            ours();
            float[] result = y.ToArray();
            Agreement.Check("conv 64-64 3x3 @56", result, Values.Sample(g.OutShape.Count), at => ConvolutionReference.Forward(g, image, filter, at));
            Tensor xOut = Tensor.From(device, g.InShape, x.ToNchw()), wOut = Tensor.From(device, g.FilterShape, Transposed(w, [3, 2, 0, 1])), yOut = new(device, g.OutShape);
            Measure("conv 64-64 3x3 @56", prepared.Algorithm, g.Flops, ours, () => ClBlast.Convolve(device, g, xOut, wOut, yOut), () => yOut.ToArray(), y.ToNchw());
        }

        void Measure(string name, string how, double flops, Action ours, Action theirs, Func<float[]> output, float[] expected)
        {
            var contenders = new List<IContender> { new LocalContender("ours", ours) };
            if (absence is null)
            {
                theirs();
                device.Synchronize();
                Agreement.Check("CLBlast", expected, output(), name);
                contenders.Add(new LocalContender(ClBlastKey, () =>
                {
                    theirs();
                    device.Synchronize();
                }));
            }
            Timing[] timings = Interleaved.Measure(contenders, options.Rounds, cancel);
            var row = new BenchmarkRow(name, how, flops, timings[0], contenders.Count > 1 ? new Dictionary<string, Timing> { [ClBlastKey] = timings[1] } : []);
            rows.Add(row);
            string beside = contenders.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", {timings[1].Median / timings[0].Median:F1} times as fast as CLBlast") : "";
            string line = string.Create(CultureInfo.InvariantCulture, $"{name}: {row.Gflops:F2} GFLOP/s{beside}.");
            notes.Add(line);
            progress.WriteLine(line);
        }
    }

    private static bool Wanted(BenchmarkOptions options, string name) => options.Only is null || name.Contains(options.Only, StringComparison.OrdinalIgnoreCase);

    private static float[] Transposed(Tensor w, ReadOnlySpan<int> axes)
    {
        int[] extents = [.. axes.ToArray().Select(axis => w.Shape[axis])];
        Tensor y = new(w.Device, new Shape(extents));
        w.Device.Elementwise.Permute(w, axes, y);
        return y.ToArray();
    }
}
