using System.Diagnostics;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A model ready to run for inputs of one shape: traced once, padding and batch normalization folded, bias, addition and ReLU fused into the product before them, max pooling 2×2 into a Winograd convolution before it, filters packed or Winograd-transformed, values placed by
/// lifetime in one arena, joins written in place by their producers. It gives the numbers of the model to rounding (1e-5 of a layer's largest value where Winograd serves).
/// It holds its own copy of the convolutions' weights, so after a change of weights it is compiled again. A plan runs one call at a time; <see cref="Clone"/> shares the weights and may run on another thread.
/// </summary>
public sealed partial class InferencePlan
{
    private readonly Device device;
    private readonly PlanStep[] steps;
    private readonly PlanValue[] values;
    private readonly Func<int, int> root;
    private readonly int input;
    private readonly (string Name, int Value)[] outputs;
    private readonly long arenaFloats;
    private readonly Tensor[] tensors;
    private readonly Lock running = new();

    private InferencePlan(Device device, Shape inputShape, PlanStep[] steps, PlanValue[] values, Func<int, int> root, int input, (string, int)[] outputs, long arenaFloats)
    {
        this.device = device;
        InputShape = inputShape;
        this.steps = steps;
        this.values = values;
        this.root = root;
        this.input = input;
        this.outputs = outputs;
        this.arenaFloats = arenaFloats;
        tensors = new Tensor[values.Length];
        DeviceBuffer arena = device.Pool.Rent(arenaFloats);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Constant is { } constant)
                tensors[i] = constant;
            else if (root(i) != input && values[root(i)].Offset >= 0)
                tensors[i] = new Tensor(device, values[i].Shape, arena, values[root(i)].Offset);
        }
        arena.Release();
    }

    /// <summary>The shape of what it runs on, [N, H, W, C].</summary>
    public Shape InputShape { get; }

    /// <summary>Names of the results.</summary>
    public IEnumerable<string> Outputs => outputs.Select(output => output.Name);

    /// <summary>Bytes of the arena that holds all intermediate values.</summary>
    public long ArenaBytes => arenaFloats * sizeof(float);

    /// <summary>Traces <paramref name="model"/> on zeros of the given shape and prepares what ran.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="inputShape">The shape of the input.</param>
    /// <param name="model">The results by name, from the input; it runs once.</param>
    /// <param name="weights">How weights are stored; <see cref="WeightFormat.Half"/> on the SIMD engine alone.</param>
    /// <exception cref="DeviceException">Half-size weights on another device than a <see cref="CpuDevice"/>.</exception>
    public static InferencePlan Compile(Device device, Shape inputShape, Func<Variable, IReadOnlyDictionary<string, Variable>> model, WeightFormat weights = WeightFormat.Single)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(model);
        if (weights != WeightFormat.Single && device is not CpuDevice)
            throw new DeviceException($"InferencePlan.Compile: half-size weights are a format of the SIMD engine; the device is {device.Name}; leave the format out, or move the model to the CPU.");
        using Tape trace = Tape.Trace();
        Variable x = Tensor.Zeros(device, inputShape);
        IReadOnlyDictionary<string, Variable> results = model(x);
        var graph = new PlanGraph(trace.Records, x, results.Values, device.Convolution);
        var lowering = new PlanSteps(device, graph, weights);
        PlanStep[] steps = [.. lowering.Create()];
        PlanValue[] values = [.. graph.Values];
        (string, int)[] outputs = [.. results.Select(result => (result.Key, graph[result.Value]))];
        long size = Place(values, steps, lowering.Root, graph.Input);
        return new InferencePlan(device, inputShape, steps, values, lowering.Root, graph.Input, outputs, size);
    }

    /// <summary>Another plan over the same weights, with an arena of its own.</summary>
    public InferencePlan Clone() => new(device, InputShape, steps, values, root, input, outputs, arenaFloats);

    /// <summary>Runs the plan. The results belong to the caller's scope.</summary>
    /// <param name="x">float32 of <see cref="InputShape"/>, prepared.</param>
    /// <param name="cancellation">Looked at between steps.</param>
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
            Bind(x);
            for (int i = 0; i < steps.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                steps[i].Run(tensors);
                if (timed is not null)
                {
                    (device as GpuDevice)?.Synchronize();
                    timed(i, start, Stopwatch.GetTimestamp());
                }
            }
            var results = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
            foreach ((string name, int value) in outputs)
            {
                var copy = new Tensor(device, values[value].Shape);
                device.Elementwise.Scale(1, tensors[value], copy);
                results.Add(name, copy);
            }
            return results;
        }
        finally
        {
            running.Exit();
        }
    }

    private void Bind(Tensor x)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (root(i) == input)
                tensors[i] = i == input ? x : x.Reshape(values[i].Shape);
        }
    }

    private static long Place(PlanValue[] values, PlanStep[] steps, Func<int, int> root, int input)
    {
        var lives = new Dictionary<int, PlanMemory.Life>();
        void Touch(int value, int step)
        {
            int r = root(value);
            if (r == input || values[r].Constant is not null)
                return;
            lives[r] = lives.TryGetValue(r, out PlanMemory.Life life) ? life with { First = Math.Min(life.First, step), Last = Math.Max(life.Last, step) } : new PlanMemory.Life(r, values[r].Shape.Count, step, step);
        }

        for (int i = 0; i < steps.Length; i++)
        {
            Touch(steps[i].Writes, i);
            foreach (int value in steps[i].Reads)
                Touch(value, i);
        }
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Wanted)
                Touch(i, steps.Length);
        }
        (Dictionary<int, long> offsets, long size) = PlanMemory.Place(lives.Values);
        for (int i = 0; i < values.Length; i++)
            values[i].Offset = offsets.GetValueOrDefault(i, -1);
        return size;
    }
}
