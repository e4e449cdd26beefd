using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Groups of one input and one output channel: y[p, c] = Σ over taps of x[p + tap, c] · w[tap, c], vectors along the channels, no product of matrices. Bandwidth is the limit.
/// Forward passes and input gradients are the same gather; the filter gradient sums over pixels per tap.
/// </summary>
internal sealed unsafe class DepthwiseConvolution
{
    private readonly CpuDevice device;
    private readonly GatherPlan plan;
    private readonly float* w;
    private readonly float* source;
    private readonly float* destination;
    private readonly float* bias;
    private readonly float* addend;
    private readonly float lower;

    public DepthwiseConvolution(CpuDevice device, GatherPlan plan, float* w, float* source, float* destination, in Epilogue epilogue)
    {
        this.device = device;
        this.plan = plan;
        this.w = w;
        this.source = source;
        this.destination = destination;
        bias = epilogue.Bias is { } b ? b.Pointer : null;
        addend = epilogue.Addend is { } a ? a.Pointer : null;
        lower = epilogue.Relu ? 0 : float.NegativeInfinity;
    }

    public void Run()
    {
        foreach (GatherPlan.Phase phase in plan.Phases)
        {
            int lines = plan.Batch * phase.Rows;
            device.Crew.For(lines, device.Crew.Grain(lines), (from, to) =>
            {
                switch (SimdWidth.Bits)
                {
                    case 512:
                        Lines<Lanes512>(phase, from, to);
                        break;
                    case 256:
                        Lines<Lanes256>(phase, from, to);
                        break;
                    default:
                        Lines<Lanes128>(phase, from, to);
                        break;
                }
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Lines<V>(GatherPlan.Phase phase, int from, int to) where V : unmanaged, ILanes<V>
    {
        int channels = plan.DestinationChannels, whole = channels / V.Count * V.Count;
        V floor = V.All(lower);
        int* taps = stackalloc int[phase.Taps.Length];
        float** reads = stackalloc float*[phase.Taps.Length];
        for (int line = from; line < to; line++)
        {
            int image = line / phase.Rows, i = line % phase.Rows;
            for (int j = 0; j < phase.Columns; j++)
            {
                int live = 0;
                for (int t = 0; t < phase.Taps.Length; t++)
                {
                    int sy = (i * plan.MoveY) + phase.OffsetY[t], sx = (j * plan.MoveX) + phase.OffsetX[t];
                    if ((uint)sy >= (uint)plan.SourceHeight || (uint)sx >= (uint)plan.SourceWidth)
                        continue;
                    taps[live] = phase.Taps[t];
                    reads[live++] = source + (((((long)image * plan.SourceHeight) + sy) * plan.SourceWidth) + sx) * channels;
                }
                long at = (((((long)image * plan.DestinationHeight) + phase.Y0 + ((long)i * plan.StepY)) * plan.DestinationWidth) + phase.X0 + ((long)j * plan.StepX)) * channels;
                for (int c = 0; c < whole; c += V.Count)
                {
                    V sum = bias == null ? V.All(0) : V.Load(bias + c);
                    if (addend != null)
                        sum = V.Add(sum, V.Load(addend + at + c));
                    for (int t = 0; t < live; t++)
                        sum = V.MultiplyAdd(V.Load(reads[t] + c), V.Load(w + ((long)taps[t] * channels) + c), sum);
                    V.Store(V.Max(floor, sum), destination + at + c);
                }
                for (int c = whole; c < channels; c++)
                {
                    float sum = (bias == null ? 0 : bias[c]) + (addend == null ? 0 : addend[at + c]);
                    for (int t = 0; t < live; t++)
                        sum = MathF.FusedMultiplyAdd(reads[t][c], w[((long)taps[t] * channels) + c], sum);
                    destination[at + c] = sum < lower ? lower : sum;
                }
            }
        }
    }

    /// <summary>gw[tap, c] = Σ over pixels of x[pixel + tap, c] · gy[pixel, c]; one tap and one vector of channels is one thread's.</summary>
    public static void FilterGradient(CpuDevice device, ConvolutionGeometry g, float* x, float* gy, float* gw)
    {
        int taps = g.KernelHeight * g.KernelWidth;
        device.Crew.For(taps, 1, (from, to) =>
        {
            for (int tap = from; tap < to; tap++)
            {
                switch (SimdWidth.Bits)
                {
                    case 512:
                        OneTap<Lanes512>(g, tap, x, gy, gw);
                        break;
                    case 256:
                        OneTap<Lanes256>(g, tap, x, gy, gw);
                        break;
                    default:
                        OneTap<Lanes128>(g, tap, x, gy, gw);
                        break;
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneTap<V>(ConvolutionGeometry g, int tap, float* x, float* gy, float* gw) where V : unmanaged, ILanes<V>
    {
        int channels = g.InChannels, whole = channels / V.Count * V.Count;
        int dy = (tap / g.KernelWidth * g.DilationY) - g.PadTop, dx = (tap % g.KernelWidth * g.DilationX) - g.PadLeft;
        float* sum = gw + ((long)tap * channels);
        new Span<float>(sum, channels).Clear();
        for (int n = 0; n < g.Batch; n++)
        {
            for (int p = 0; p < g.OutHeight; p++)
            {
                int sy = (p * g.StrideY) + dy;
                if ((uint)sy >= (uint)g.InHeight)
                    continue;
                for (int q = 0; q < g.OutWidth; q++)
                {
                    int sx = (q * g.StrideX) + dx;
                    if ((uint)sx >= (uint)g.InWidth)
                        continue;
                    float* a = x + (((((long)n * g.InHeight) + sy) * g.InWidth) + sx) * channels;
                    float* b = gy + (((((long)n * g.OutHeight) + p) * g.OutWidth) + q) * channels;
                    for (int c = 0; c < whole; c += V.Count)
                        V.Store(V.MultiplyAdd(V.Load(a + c), V.Load(b + c), V.Load(sum + c)), sum + c);
                    for (int c = whole; c < channels; c++)
                        sum[c] = MathF.FusedMultiplyAdd(a[c], b[c], sum[c]);
                }
            }
        }
    }
}
