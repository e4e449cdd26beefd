namespace NativeFree.Kernels;

/// <summary>The direct scheme with its filter packed once.</summary>
internal sealed unsafe class PackedConvolution : PreparedConvolution
{
    private readonly CpuDevice device;
    private readonly ConvolutionGeometry geometry;
    private readonly GatherPlan plan;
    private readonly Tensor packed;
    private readonly Tensor? bias;
    private readonly FilterPanels[] phases;
    private readonly bool wholeRows;
    private readonly bool relu;

    public PackedConvolution(CpuDevice device, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels)
    {
        this.device = device;
        this.geometry = geometry;
        this.relu = relu;
        this.bias = bias is null ? null : Scope.Detach(Tensor.From(device, bias.Shape, bias.Span));
        wholeRows = !transposed && CpuConvolution.ReadsWholeRows(geometry);
        plan = (transposed ? GatherPlan.BackwardInput(geometry) : wholeRows ? GatherPlan.ForwardByRows(geometry, PaddedRows.WidthOf(geometry)) : GatherPlan.Forward(geometry)) with
        {
            DestinationChannels = resultChannels,
        };
        FilterPanels panels = transposed ? CpuConvolution.BackwardPanels(geometry, w.Pointer)
            : wholeRows ? CpuConvolution.RowPanels(geometry, w.Pointer)
            : CpuConvolution.ForwardPanels(geometry, w.Pointer);
        // Each phase meets its own taps; they are packed one phase after the other.
        packed = Scope.Detach(new Tensor(device, new Shape(checked((int)plan.Phases.Sum(phase => panels.PackedCount(plan.Groups, (long)phase.Taps.Length * plan.Length))))));
        phases = new FilterPanels[plan.Phases.Length];
        float* next = packed.Pointer;
        for (int i = 0; i < phases.Length; i++)
        {
            int[] taps = plan.Phases[i].Taps;
            panels.PackAll(device.Crew, plan.Groups, taps, plan.Length, next);
            phases[i] = panels with { Packed = next, Source = null };
            next += panels.PackedCount(plan.Groups, (long)taps.Length * plan.Length);
        }
    }

    public override string Algorithm => wholeRows ? "direct, filter rows" : "direct";

    public override long Bytes => packed.Count * sizeof(float);

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        PaddedRows rows = wholeRows ? PaddedRows.Of(device, geometry, x) : default;
        new GatherConvolution(
            device, plan, phases, wholeRows ? rows.Pointer : x.Pointer, y.Pointer + firstChannel, bias is null ? null : bias.Pointer, addend is null ? null : addend.Pointer, relu).Run();
        rows.Dispose();
        y.Touch();
    }
}
