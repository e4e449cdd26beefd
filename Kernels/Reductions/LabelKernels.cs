using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>gx[row,c] = scale·weight[t]·(exp logp[row,c] − [c = t]); an item is a row.</summary>
internal readonly unsafe struct LikelihoodGradientKernel(int depth, int* labels, int? ignore, float* weight, float scale, float* logp, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* source = logp + ((nint)item * depth), destination = gx + ((nint)item * depth);
            int t = labels[item];
            if (t == ignore)
            {
                new Span<float>(destination, depth).Clear();
                continue;
            }
            float factor = weight == null ? scale : scale * weight[t];
            int c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(V.Multiply(V.All(factor), Exponential.Of(V.Load(source + c))), destination + c);
            for (; c < depth; c++)
                Lanes1.Store(Lanes1.Multiply(Lanes1.All(factor), Exponential.Of(Lanes1.Load(source + c))), destination + c);
            // e^logp − 1 for the label's own class: of a sure and right answer only the difference is left, so it is not taken from the rounded product.
            destination[t] = factor * (float)(Math.Exp(source[t]) - 1);
        }
    }
}

/// <summary>Σ max(x, 0) − x·t + log(1 + e^−|x|) of each block.</summary>
internal readonly unsafe struct SigmoidLossKernel(int* labels, int? ignore, float* x, long count, double* partial) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            long i = (long)item * Flat.Block, end = Math.Min(i + Flat.Block, count);
            double sum = 0;
            for (; i < end; i++)
            {
                if (labels[i] != ignore)
                    sum += Math.Max(x[i], 0) - ((double)x[i] * labels[i]) + Math.Log(1 + Math.Exp(-Math.Abs((double)x[i])));
            }
            partial[item] = sum;
        }
    }
}

/// <summary>gx = scale·(1 / (1 + e⁻ˣ) − t), 0 where ignored; an item is a block.</summary>
internal readonly unsafe struct SigmoidLossGradientKernel(int* labels, int? ignore, float scale, float* x, long count, float* gx) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long end = Math.Min((long)to * Flat.Block, count);
        for (long i = (long)from * Flat.Block; i < end; i++)
            gx[i] = labels[i] == ignore ? 0 : (float)(scale * ((1 / (1 + Math.Exp(-(double)x[i]))) - labels[i]));
    }
}

/// <summary>Per class the sum of p in rows of that label, and in all rows; an item is a piece of rows, results are [piece][overlap, total][C].</summary>
internal readonly unsafe struct LabelSumKernel(int rows, int depth, int* labels, int? ignore, float* p, float* partial) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        int length = ColumnSumKernel.Rows(depth);
        for (int item = from; item < to; item++)
        {
            float* overlap = partial + (2L * item * depth), total = overlap + depth;
            new Span<float>(overlap, 2 * depth).Clear();
            for (int row = item * length; row < Math.Min((item + 1) * length, rows); row++)
            {
                if (labels[row] == ignore)
                    continue;
                float* source = p + ((nint)row * depth);
                overlap[labels[row]] += source[labels[row]];
                int c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(V.Add(V.Load(total + c), V.Load(source + c)), total + c);
                for (; c < depth; c++)
                    total[c] += source[c];
            }
        }
    }
}

/// <summary>gp[row,c] = total[c] + [c = t]·overlap[c]; an item is a row.</summary>
internal readonly unsafe struct LabelSumGradientKernel(int depth, int* labels, int? ignore, float* overlap, float* total, float* gp) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* destination = gp + ((nint)item * depth);
            int t = labels[item];
            if (t == ignore)
            {
                new Span<float>(destination, depth).Clear();
                continue;
            }
            new ReadOnlySpan<float>(total, depth).CopyTo(new Span<float>(destination, depth));
            destination[t] += overlap[t];
        }
    }
}
