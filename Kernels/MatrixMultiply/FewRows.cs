using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Products with at most <see cref="Most"/> rows: B is far larger than everything else, so it is streamed from memory once, in pieces of 8 k × 512 columns that stay in the first cache while each row adds
/// them to its sums. Memory bandwidth is the limit, so B may come in 16 bits: then each piece is decoded into the first cache. Values add up in the order of k, eight at a time.
/// </summary>
internal sealed unsafe class FewRows
{
    /// <summary>Above this packing B pays.</summary>
    public const int Most = 12;

    /// <summary>Columns of a piece, and of a panel of B in 16 bits.</summary>
    public const int Columns = 512;

    private const int Steps = 8;

    private readonly CpuDevice device;
    private readonly float* a;
    private readonly int m;
    private readonly int k;
    private readonly float* b;
    private readonly HalfWeights? halves;
    private readonly int n;
    private readonly float* y;
    private readonly float* bias;
    private readonly float* addend;
    private readonly float lower;

    public FewRows(CpuDevice device, float* a, int m, int k, float* b, int n, float* y, in Epilogue epilogue)
    {
        this.device = device;
        this.a = a;
        this.m = m;
        this.k = k;
        this.b = b;
        this.n = n;
        this.y = y;
        bias = epilogue.Bias is { } values ? values.Pointer : null;
        addend = epilogue.Addend is { } added ? added.Pointer : null;
        lower = epilogue.Relu ? 0 : float.NegativeInfinity;
    }

    /// <summary>The same with B in 16 bits, in panels of <see cref="Columns"/> columns: of a row as it lies a piece would be one KiB, too short a run for the processor to read ahead.</summary>
    public FewRows(CpuDevice device, float* a, int m, int k, HalfWeights halves, int n, float* y, in Epilogue epilogue) : this(device, a, m, k, (float*)null, n, y, epilogue) => this.halves = halves;

    public void Run()
    {
        if (m == 0)
            return;
        device.Crew.For((n + Columns - 1) / Columns, 1, (from, to) =>
        {
            for (int piece = from; piece < to; piece++)
            {
                int first = piece * Columns, count = Math.Min(Columns, n - first);
                switch (SimdWidth.Bits)
                {
                    case 512:
                        Piece<Lanes512>(first, count);
                        break;
                    case 256:
                        Piece<Lanes256>(first, count);
                        break;
                    default:
                        Piece<Lanes128>(first, count);
                        break;
                }
            }
        });
    }

    private void Piece<V>(int first, int count) where V : unmanaged, ILanes<V>
    {
        float* sums = stackalloc float[Most * Columns];
        for (int i = 0; i < m; i++)
        {
            for (int c = 0; c < count; c++)
                sums[(i * Columns) + c] = (bias == null ? 0 : bias[first + c]) + (addend == null ? 0 : addend[((long)i * n) + first + c]);
        }
        float* decoded = stackalloc float[halves is null ? 0 : (Steps * Columns) + V.Count];
        nint pitch = halves is null ? n : count;
        int step = 0;
        for (; step + Steps <= k; step += Steps)
        {
            float* rows = halves is null ? b + ((long)step * n) + first : Decode(step, Steps, first, count, decoded);
            for (int i = 0; i < m; i++)
                AddEight<V>(a + ((long)i * k) + step, rows, pitch, sums + (i * Columns), count);
        }
        for (; step < k; step++)
        {
            float* row = halves is null ? b + ((long)step * n) + first : Decode(step, 1, first, count, decoded);
            for (int i = 0; i < m; i++)
                AddOne<V>(a[((long)i * k) + step], row, sums + (i * Columns), count);
        }
        for (int i = 0; i < m; i++)
        {
            float* row = y + ((long)i * n) + first;
            for (int c = 0; c < count; c++)
            {
                float sum = sums[(i * Columns) + c];
                row[c] = sum < lower ? lower : sum;
            }
        }
    }

    private float* Decode(int step, int steps, int first, int count, float* decoded)
    {
        HalfFloats.Decode(halves!.Pointer + ((long)first * k) + ((long)step * count), (long)steps * count, halves.Scale, decoded);
        return decoded;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEight<V>(float* a, float* b, nint n, float* sums, int count) where V : unmanaged, ILanes<V>
    {
        V a0 = V.All(a[0]), a1 = V.All(a[1]), a2 = V.All(a[2]), a3 = V.All(a[3]), a4 = V.All(a[4]), a5 = V.All(a[5]), a6 = V.All(a[6]), a7 = V.All(a[7]);
        float* b4 = b + (4 * n);
        int whole = count / V.Count * V.Count;
        for (nint c = 0; c < whole; c += V.Count)
        {
            V sum = V.Load(sums + c);
            sum = V.MultiplyAdd(a0, V.Load(b + c), sum);
            sum = V.MultiplyAdd(a1, V.Load(b + n + c), sum);
            sum = V.MultiplyAdd(a2, V.Load(b + (2 * n) + c), sum);
            sum = V.MultiplyAdd(a3, V.Load(b + (3 * n) + c), sum);
            sum = V.MultiplyAdd(a4, V.Load(b4 + c), sum);
            sum = V.MultiplyAdd(a5, V.Load(b4 + n + c), sum);
            sum = V.MultiplyAdd(a6, V.Load(b4 + (2 * n) + c), sum);
            sum = V.MultiplyAdd(a7, V.Load(b4 + (3 * n) + c), sum);
            V.Store(sum, sums + c);
        }
        for (int c = whole; c < count; c++)
        {
            float sum = sums[c];
            for (int s = 0; s < Steps; s++)
                sum = MathF.FusedMultiplyAdd(a[s], b[(s * n) + c], sum);
            sums[c] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne<V>(float a, float* b, float* sums, int count) where V : unmanaged, ILanes<V>
    {
        V factor = V.All(a);
        int whole = count / V.Count * V.Count;
        for (nint c = 0; c < whole; c += V.Count)
            V.Store(V.MultiplyAdd(factor, V.Load(b + c), V.Load(sums + c)), sums + c);
        for (int c = whole; c < count; c++)
            sums[c] = MathF.FusedMultiplyAdd(a, b[c], sums[c]);
    }
}
