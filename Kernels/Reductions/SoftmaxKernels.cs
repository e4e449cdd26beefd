using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Softmax or its logarithm along contiguous rows: largest value, sum of exponentials, result. An item is a row.</summary>
internal readonly unsafe struct SoftmaxKernel(int length, bool logarithm, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        float* lanes = stackalloc float[V.Count];
        for (int item = from; item < to; item++)
        {
            float* source = x + ((nint)item * length), destination = y + ((nint)item * length);
            V largest = V.All(float.NegativeInfinity);
            int i = 0;
            for (; i + V.Count <= length; i += V.Count)
                largest = V.Max(largest, V.Load(source + i));
            V.Store(largest, lanes);
            float top = lanes[0];
            for (int l = 1; l < V.Count; l++)
                top = Math.Max(top, lanes[l]);
            for (; i < length; i++)
                top = Math.Max(top, source[i]);
            V shift = V.All(top), sum = V.All(0);
            for (i = 0; i + V.Count <= length; i += V.Count)
            {
                V e = Exponential.Of(V.Subtract(V.Load(source + i), shift));
                sum = V.Add(sum, e);
                V.Store(e, destination + i);
            }
            double total = V.Sum(sum);
            for (; i < length; i++)
            {
                Lanes1 e = Exponential.Of(Lanes1.Subtract(Lanes1.Load(source + i), Lanes1.All(top)));
                total += Lanes1.Sum(e);
                Lanes1.Store(e, destination + i);
            }
            if (logarithm)
                Subtract<V>(source, top, (float)Math.Log(total), destination);
            else
                Scale<V>((float)(1 / total), destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale<V>(float factor, float* y) where V : unmanaged, ILanes<V>
    {
        int i = 0;
        for (; i + V.Count <= length; i += V.Count)
            V.Store(V.Multiply(V.All(factor), V.Load(y + i)), y + i);
        for (; i < length; i++)
            y[i] *= factor;
    }

    // First the largest, then the logarithm: their sum would lose the logarithm's digits where the largest is huge.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Subtract<V>(float* x, float top, float logarithmOfSum, float* y) where V : unmanaged, ILanes<V>
    {
        int i = 0;
        for (; i + V.Count <= length; i += V.Count)
            V.Store(V.Subtract(V.Subtract(V.Load(x + i), V.All(top)), V.All(logarithmOfSum)), y + i);
        for (; i < length; i++)
            y[i] = x[i] - top - logarithmOfSum;
    }
}

/// <summary>Softmax or its logarithm along an axis that others follow: neighbouring inner elements share a vector. An item is one o.</summary>
internal readonly unsafe struct InnerSoftmaxKernel(int length, int inner, bool logarithm, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* source = x + ((nint)item * length * inner), destination = y + ((nint)item * length * inner);
            int i = 0;
            for (; i + V.Count <= inner; i += V.Count)
                One<V>(source + i, destination + i);
            for (; i < inner; i++)
                One<Lanes1>(source + i, destination + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<V>(float* x, float* y) where V : unmanaged, ILanes<V>
    {
        nint step = inner;
        V top = V.All(float.NegativeInfinity), sum = V.All(0);
        for (int l = 0; l < length; l++)
            top = V.Max(top, V.Load(x + (l * step)));
        for (int l = 0; l < length; l++)
        {
            V e = Exponential.Of(V.Subtract(V.Load(x + (l * step)), top));
            sum = V.Add(sum, e);
            V.Store(e, y + (l * step));
        }
        if (logarithm)
        {
            V log = Logarithm.Of(sum);
            for (int l = 0; l < length; l++)
                V.Store(V.Subtract(V.Subtract(V.Load(x + (l * step)), top), log), y + (l * step));
            return;
        }
        for (int l = 0; l < length; l++)
            V.Store(V.Divide(V.Load(y + (l * step)), sum), y + (l * step));
    }
}

/// <summary>The gradient of softmax, y·(gy − Σ gy·y), or of its logarithm, gy − eʸ·Σ gy. An item is one (o, i); the sum is made in double.</summary>
internal readonly unsafe struct SoftmaxGradientKernel(int length, int inner, bool logarithm, float* y, float* gy, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint step = inner;
        for (int item = from; item < to; item++)
        {
            (int o, int i) = Math.DivRem(item, inner);
            nint start = ((nint)o * length * inner) + i;
            double sum = 0;
            for (int l = 0; l < length; l++)
                sum += logarithm ? gy[start + (l * step)] : (double)gy[start + (l * step)] * y[start + (l * step)];
            float total = (float)sum;
            for (int l = 0; l < length; l++)
            {
                nint at = start + (l * step);
                gx[at] = logarithm ? gy[at] - (MathF.Exp(y[at]) * total) : y[at] * (gy[at] - total);
            }
        }
    }
}

/// <summary>The first of the largest values of each row; an item is a row.</summary>
internal readonly unsafe struct ArgMaxKernel(int length, float* x, int* indices) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* row = x + ((nint)item * length);
            int best = 0;
            for (int i = 1; i < length; i++)
            {
                if (!(row[i] <= row[best]) && !float.IsNaN(row[best]))
                    best = i;
            }
            indices[item] = best;
        }
    }
}
