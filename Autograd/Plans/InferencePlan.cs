using System.Diagnostics;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A model ready to run for inputs of one shape: traced once, padding and batch normalization folded, bias, addition and ReLU fused into the product before them, max pooling 2×2 into a Winograd convolution before it, filters packed or Winograd-transformed, values placed by
/// lifetime in one arena, joins written in place by their producers, large layers run for as many pictures at a time as a cache holds. It gives the numbers of the model to rounding (1e-5 of a layer's largest value where Winograd serves).
/// It holds its own copy of the convolutions' weights, so after a change of weights it is compiled again. A plan runs one call at a time; <see cref="Clone"/> shares the weights and may run on another thread.
/// </summary>
public sealed partial class InferencePlan
{
    private readonly Device device;
    private readonly PlanStep[] steps;
    private readonly PlanLayout layout;
    private readonly (string Name, int Value)[] outputs;
    private readonly PlanTensors tensors;
    private readonly Lock running = new();

    private InferencePlan(Device device, Shape inputShape, PlanStep[] steps, PlanLayout layout, (string, int)[] outputs)
    {
        this.device = device;
        InputShape = inputShape;
        this.steps = steps;
        this.layout = layout;
        this.outputs = outputs;
        tensors = new PlanTensors(device, layout);
    }

    /// <summary>The shape of what it runs on, [N, H, W, C].</summary>
    public Shape InputShape { get; }

    /// <summary>Names of the results.</summary>
    public IEnumerable<string> Outputs => outputs.Select(output => output.Name);

    /// <summary>Bytes of the arena that holds all intermediate values.</summary>
    public long ArenaBytes => layout.Floats * sizeof(float);

    /// <summary>Traces <paramref name="model"/> on zeros of the given shape and prepares what ran.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="inputShape">The shape of the input.</param>
    /// <param name="model">The results by name, from the input; it runs once.</param>
    /// <param name="weights">How weights are stored; <see cref="WeightFormat.Half"/> on the SIMD engine alone.</param>
    /// <exception cref="DeviceException">Half-size weights on another device than a <see cref="CpuDevice"/>.</exception>
    public static InferencePlan Compile(Device device, Shape inputShape, Func<Variable, IReadOnlyDictionary<string, Variable>> model, WeightFormat weights = WeightFormat.Single)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Compile(device, inputShape, model, weights, PlanLoads.Room(device));
    }

    /// <summary>The same, with <paramref name="room"/> bytes of the last cache for the values of a step; see <see cref="PlanStretch.Cut"/>.</summary>
    internal static InferencePlan Compile(Device device, Shape inputShape, Func<Variable, IReadOnlyDictionary<string, Variable>> model, WeightFormat weights, long room)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (weights != WeightFormat.Single && device is not CpuDevice)
            throw new DeviceException($"InferencePlan.Compile: half-size weights are a format of the SIMD engine; the device is {device.Name}; leave the format out, or move the model to the CPU.");
        using Tape trace = Tape.Trace();
        Variable x = Tensor.Zeros(device, inputShape);
        IReadOnlyDictionary<string, Variable> results = model(x);
        var graph = new PlanGraph(trace.Records, x, results.Values, device.Convolution);
        var lowering = new PlanSteps(device, graph, weights, room);
        PlanStep[] steps = [.. lowering.Create()];
        (string, int)[] outputs = [.. results.Select(result => (result.Key, graph[result.Value]))];
        return new InferencePlan(device, inputShape, steps, new PlanLayout([.. graph.Values], steps, lowering.Stretches, lowering.Root, graph.Input), outputs);
    }

    /// <summary>Another plan over the same weights, with an arena of its own.</summary>
    public InferencePlan Clone() => new(device, InputShape, steps, layout, outputs);

    /// <summary>Runs the plan. The results belong to the caller's scope.</summary>
    /// <param name="x">float32 of <see cref="InputShape"/>, prepared.</param>
    /// <param name="cancellation">Looked at between steps, of each part of the batch where they run for parts.</param>
    /// <exception cref="ShapeException">x has another shape.</exception>
    /// <exception cref="InvalidOperationException">The plan is running already.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the plan may be run again.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor x, CancellationToken cancellation = default) => Run(x, null, cancellation);

    private OrderedDictionary<string, Tensor> Run(Tensor x, Action<int, long, long>? timed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(x);
        ShapeException.RequireEqual("InferencePlan.Run", InputShape, x.Shape);
        device.Expect("InferencePlan.Run", x);
        if (!running.TryEnter())
            throw new InvalidOperationException("InferencePlan.Run: a plan runs one call at a time; another is running; give each thread a Clone().");
        try
        {
            tensors.Bind(x);
            for (int k = 0; k < layout.Stretches.Count; k++)
            {
                for (int part = 0; part < layout.Stretches[k].Parts; part++)
                    Run(layout.Stretches[k], tensors.Of(k, part), timed, cancellation);
            }
            var results = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
            foreach ((string name, int value) in outputs)
            {
                var copy = new Tensor(device, tensors.Whole[value].Shape);
                device.Elementwise.Scale(1, tensors.Whole[value], copy);
                results.Add(name, copy);
            }
            return results;
        }
        finally
        {
            tensors.Unbind();
            running.Exit();
        }
    }

    private void Run(PlanStretch stretch, Tensor[] seen, Action<int, long, long>? timed, CancellationToken cancellation)
    {
        for (int i = stretch.First; i < stretch.End; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            steps[i].Run(seen);
            if (timed is not null)
            {
                (device as GpuDevice)?.Synchronize();
                timed(i, start, Stopwatch.GetTimestamp());
            }
        }
    }
}
