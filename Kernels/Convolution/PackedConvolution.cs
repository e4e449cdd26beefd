namespace NativeFree.Kernels;

/// <summary>The direct scheme with its filter packed once, in 32 bits or, where asked for and possible, in 16.</summary>
internal sealed unsafe class PackedConvolution : PreparedConvolution
{
    private readonly CpuDevice device;
    private readonly ConvolutionGeometry geometry;
    private readonly GatherPlan plan;
    private readonly Tensor? packed;
    private readonly HalfWeights? halves;
    private readonly Tensor? bias;
    private readonly FilterPanels[] phases;
    private readonly bool wholeRows;
    private readonly bool? panelsFirst;
    private readonly bool relu;
    private readonly FilterPiece[] first;

    public PackedConvolution(CpuDevice device, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, KernelVariant variant = KernelVariant.Direct, WeightFormat format = WeightFormat.Single)
    {
        this.device = device;
        this.geometry = geometry;
        this.relu = relu;
        this.bias = bias is null ? null : Scope.Detach(Tensor.From(device, bias.Shape, bias.Span));
        wholeRows = !transposed && (variant == KernelVariant.DirectRows || (variant != KernelVariant.DirectTaps && CpuConvolution.ReadsWholeRows(geometry)));
        panelsFirst = variant switch { KernelVariant.DirectPixels => false, KernelVariant.DirectPanels => true, _ => null };
        plan = (transposed ? GatherPlan.BackwardInput(geometry) : wholeRows ? GatherPlan.ForwardByRows(geometry, PaddedRows.WidthOf(geometry)) : GatherPlan.Forward(geometry)) with
        {
            DestinationChannels = resultChannels,
        };
        FilterPanels panels = transposed ? CpuConvolution.BackwardPanels(geometry, w.Pointer)
            : wholeRows ? CpuConvolution.RowPanels(geometry, w.Pointer)
            : CpuConvolution.ForwardPanels(geometry, w.Pointer);
        // Each phase meets its own taps; they are packed one phase after the other.
        using var scope = new Scope();
        var floats = new Tensor(device, new Shape(checked((int)plan.Phases.Sum(phase => panels.PackedCount(plan.Groups, (long)phase.Taps.Length * plan.Length)))));
        float* next = floats.Pointer;
        foreach (GatherPlan.Phase phase in plan.Phases)
        {
            panels.PackAll(device.Crew, plan.Groups, phase.Taps, plan.Length, next);
            next += panels.PackedCount(plan.Groups, (long)phase.Taps.Length * plan.Length);
        }
        halves = format == WeightFormat.Half ? HalfWeights.Of(device, floats.Pointer, floats.Count) : null;
        packed = halves is null ? Scope.Detach(floats) : null;
        phases = new FilterPanels[plan.Phases.Length];
        long offset = 0;
        for (int i = 0; i < phases.Length; i++)
        {
            phases[i] = halves is null ? panels with { Packed = floats.Pointer + offset, Source = null } : panels with { Halves = halves.Pointer + offset, HalfScale = halves.Scale, Source = null };
            offset += panels.PackedCount(plan.Groups, (long)plan.Phases[i].Taps.Length * plan.Length);
        }
        var gather = new GatherConvolution(device, plan, phases, null, null, null, null, relu, panelsFirst);
        first = [.. Enumerable.Range(0, device.Threads).Select(gather.First)];
    }

    /// <summary>Whether the filter is held in 16 bits.</summary>
    public bool IsHalf => halves is not null;

    public override string Algorithm => (wholeRows ? "direct, filter rows" : "direct") + (panelsFirst switch { true => ", panels first", false => ", pixels first", _ => "" }) + (IsHalf ? ", half-size weights" : "");

    internal override object Way => (wholeRows, panelsFirst ?? GatherConvolution.FilterIsLarger(plan, plan.Phases[0], phases[0]));

    internal override FilterPiece First(int thread) => thread < first.Length ? first[thread] : default;

    public override long Bytes => halves?.Bytes ?? packed!.Count * sizeof(float);

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        PaddedRows rows = wholeRows ? PaddedRows.Of(device, geometry, x) : default;
        new GatherConvolution(
            device, plan, phases, wholeRows ? rows.Pointer : x.Pointer, y.Pointer + firstChannel, bias is null ? null : bias.Pointer, addend is null ? null : addend.Pointer, relu, panelsFirst, Following).Run();
        rows.Dispose();
        y.Touch();
    }
}
