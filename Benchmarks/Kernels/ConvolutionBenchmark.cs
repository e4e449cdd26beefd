using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Every convolution shape of ResNet50 and VGG16: the forward pass with bias and ReLU, and both gradients.</summary>
public static class ConvolutionBenchmark
{
    // What training is measured with; a single image leaves the gradients of the last stages too small to fill the machine.
    private const int GradientBatch = 8;

    /// <summary>Times the forward pass at batch 1 beside ONNX Runtime, PyTorch and the C twin.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A result is wrong, the twin does not run, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel);
        var twin = options.Twin is null ? null : new TwinProgram(options.Twin, run.Device.Threads);
        twin?.Run(cancel);
        List<(ConvolutionLayer Layer, BenchmarkRow Row)> layers = Measure(run, static _ => true);
        twin?.Run(cancel);
        foreach (string network in layers.Select(item => item.Layer.Network).Distinct())
            run.Note(Total(network, [.. layers.Where(item => item.Layer.Network == network)]));
        BenchmarkReport report = run.Report("conv", "Single convolutions with bias and ReLU, batch 1, prepared as in an inference plan; 'our direct' is the direct algorithm where Winograd was chosen, 'our eager' packs the filter at each call. ONNX Runtime: the time of its convolution node alone, without the change of layout at the model's edges. FLOPs are those of the direct algorithm.");
        return twin is null ? report : twin.Beside(report);
    }

    /// <summary>Times both gradients at batch 8 beside PyTorch; parameters and exceptions as for <see cref="Run"/>.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A result is wrong, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport RunGradients(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel);
        foreach (ConvolutionLayer layer in ConvolutionLayer.ResNet50)
        {
            Gradient(run, layer, "input gradient");
            Gradient(run, layer, "filter gradient");
        }
        return run.Report("conv-gradients", "Gradients of single convolutions, batch 8.");
    }

    internal static List<(ConvolutionLayer Layer, BenchmarkRow Row)> Measure(BenchmarkRun run, Predicate<string> selected)
    {
        var layers = new List<(ConvolutionLayer Layer, BenchmarkRow Row)>();
        foreach (ConvolutionLayer layer in ConvolutionLayer.ResNet50.Concat(ConvolutionLayer.Vgg16).Where(layer => run.Wants(layer.Name) && selected(layer.Name)))
        {
            Forward(run, layer);
            layers.Add((layer, run.Rows[^1]));
        }
        return layers;
    }

    private static void Forward(BenchmarkRun run, ConvolutionLayer layer)
    {
        ConvolutionGeometry g = layer.Geometry(1);
        using var scope = new Scope();
        CpuDevice device = run.Device;
        Tensor x = Values.Tensor(device, g.InShape, 1), w = Values.Tensor(device, g.FilterShape, 2), bias = Values.Tensor(device, new Shape(g.OutChannels), 3);
        var y = new Tensor(device, g.OutShape);
        var epilogue = new Epilogue(bias, Relu: true);
        PreparedConvolution prepared = device.Convolution.Prepare(g, w, bias, relu: true, transposed: false, g.OutChannels);
        PreparedConvolution direct = prepared is PackedConvolution ? prepared : new PackedConvolution(device, g, w, bias, relu: true, transposed: false, g.OutChannels);
        foreach (Action way in (Action[])[() => device.Convolution.Forward(g, x, w, y, epilogue), () => direct.Run(x, y, 0, null), () => prepared.Run(x, y, 0, null)])
        {
            y.Fill(float.NaN);
            way();
            Agreement.Check(layer.Name, y.Span, Values.Sample(y.Count), i => Math.Max(0, bias.Span[i % g.OutChannels] + ConvolutionReference.Forward(g, x, w, i)));
        }

        var others = new List<IContender>();
        if (direct != prepared)
            others.Add(new LocalContender("direct", () => direct.Run(x, y, 0, null)));
        others.Add(new LocalContender("eager", () => device.Convolution.Forward(g, x, w, y, epilogue)));
        if (LoadOnnx(run, g, x, w, bias) is { } onnx)
        {
            others.Add(onnx);
            Agreement.Check(onnx, run, y.ToNchw(), layer.Name);
        }
        if (LoadTorch(run, layer, 1, "forward") is { } torch)
            others.Add(torch);
        run.Measure(layer.Name, prepared.Algorithm, g.Flops, () => prepared.Run(x, y, 0, null), others, "Conv", "FusedConv");
    }

    private static void Gradient(BenchmarkRun run, ConvolutionLayer layer, string direction)
    {
        string work = $"{layer.Name} {direction}";
        // The first layer of a network has nobody to hand its input gradient to.
        if (!run.Wants(work) || (direction == "input gradient" && layer.Channels == 3))
            return;
        ConvolutionGeometry g = layer.Geometry(GradientBatch);
        using var scope = new Scope();
        Tensor x = Values.Tensor(run.Device, g.InShape, 1), w = Values.Tensor(run.Device, g.FilterShape, 2), gy = Values.Tensor(run.Device, g.OutShape, 3);
        bool input = direction == "input gradient";
        var result = new Tensor(run.Device, input ? g.InShape : g.FilterShape);
        Action ours = input ? () => run.Device.Convolution.BackwardInput(g, gy, w, result, Epilogue.None) : () => run.Device.Convolution.BackwardFilter(g, x, gy, result);
        ours();
        Agreement.Check(work, result.Span, Values.Sample(result.Count), i => input ? ConvolutionReference.InputGradient(g, gy, w, i) : ConvolutionReference.FilterGradient(g, x, gy, i));
        run.Measure(work, "", g.Flops, ours, LoadTorch(run, layer, GradientBatch, direction) is { } torch ? [torch] : []);
    }

    private static PeerWork? LoadOnnx(BenchmarkRun run, ConvolutionGeometry g, Tensor x, Tensor w, Tensor bias)
    {
        string path = Path.Combine(run.Folder, "conv.onnx");
        int[] shape = [g.Batch, g.InChannels, g.InHeight, g.InWidth], result = [g.Batch, g.OutChannels, g.OutHeight, g.OutWidth];
        var model = new OnnxModel();
        string y = model.Convolution(model.Input("x", shape), w.Span, g, bias.ToArray());
        model.Output(model.Node("Relu", [y]), result);
        model.Save(path);
        return run.Peers.LoadOnnx(path, [("x", shape, Values.Save(run.Folder, "x", x.ToNchw()))], result, Path.Combine(run.Folder, $"conv-{Guid.NewGuid():N}"));
    }

    private static PeerWork? LoadTorch(BenchmarkRun run, ConvolutionLayer layer, int batch, string direction) => run.Peers.LoadTorch("convolution", json =>
    {
        json.WriteString("direction", direction);
        json.WriteNumber("batch", batch);
        json.WriteNumber("channels", layer.Channels);
        json.WriteNumber("filters", layer.Filters);
        json.WriteNumber("kernel", layer.Kernel);
        json.WriteNumber("stride", layer.Stride);
        json.WriteNumber("size", layer.Size);
    });

    private static string Total(string network, IReadOnlyList<(ConvolutionLayer Layer, BenchmarkRow Row)> layers)
    {
        double ours = layers.Sum(item => item.Layer.Count * item.Row.Ours.Median);
        IEnumerable<string> peers = layers[0].Row.Peers.Keys
            .Where(key => layers.All(item => item.Row.Peers.ContainsKey(key)))
            .Select(key => $"{ReportTable.Title(key)} {layers.Sum(item => item.Layer.Count * item.Row.Peers[key].Median):F1} ms");
        double flops = layers.Sum(item => item.Layer.Count * item.Row.Flops);
        return $"{network}: its {layers.Sum(item => item.Layer.Count)} convolutions one after another: ours {ours:F1} ms, {flops / ours / 1e6:F0} GFLOP/s" + string.Concat(peers.Select(peer => "; " + peer)) + ".";
    }
}
