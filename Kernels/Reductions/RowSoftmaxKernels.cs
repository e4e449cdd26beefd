// Softmax, its logarithm and their gradients over contiguous rows [rows, length]: a group takes a row, its work-items every 128th class, so that rows and classes both run in parallel and neighbours read neighbours.
// Largest value and sum are trees in shared memory, in an order that the length decides: bit-identical from run to run. Short rows, and rows whose classes lie apart, go to ReductionKernels.Softmax, one work-item a row.
// x is read three times (the second and third time from a cache), y written once. Grid: X rows.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class RowSoftmaxKernels
{
    /// <summary>A thousand classes are eight each; the trees take seven steps.</summary>
    public const int Items = 128;

    /// <summary>From so many classes on a group has work for most of its items.</summary>
    public const int LeastLength = 96;

    [Kernel(Items)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Forward<TForm>(ArrayView<float> x, ArrayView<float> y, int length)
        where TForm : struct, ISoftmaxForm
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Items);
        long row = (long)Grid.IdxX * length;
        float largest = float.NegativeInfinity;
        for (int l = Group.IdxX; l < length; l += Items)
        {
            float value = x[row + l];
            largest = value > largest ? value : largest;
        }
        float top = GroupLargest(shared, largest);
        float sum = 0;
        for (int l = Group.IdxX; l < length; l += Items)
            sum += MathF.Exp(x[row + l] - top);
        float total = GroupSum(shared, sum);
        for (int l = Group.IdxX; l < length; l += Items)
            y[row + l] = TForm.Value(x[row + l] - top, total);
    }

    [Kernel(Items)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Backward<TForm>(ArrayView<float> y, ArrayView<float> gy, ArrayView<float> gx, int length)
        where TForm : struct, ISoftmaxForm
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(Items);
        long row = (long)Grid.IdxX * length;
        float sum = 0;
        for (int l = Group.IdxX; l < length; l += Items)
            sum += TForm.Weight(y[row + l], gy[row + l]);
        float total = GroupSum(shared, sum);
        for (int l = Group.IdxX; l < length; l += Items)
            gx[row + l] = TForm.Gradient(y[row + l], gy[row + l], total);
    }

    private static float GroupLargest(ArrayView<float> shared, float own)
    {
        shared[Group.IdxX] = own;
        Group.Barrier();
        for (int half = Items / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                float other = shared[Group.IdxX + half];
                shared[Group.IdxX] = other > shared[Group.IdxX] ? other : shared[Group.IdxX];
            }
            Group.Barrier();
        }
        float largest = shared[0];
        // The sum writes here next.
        Group.Barrier();
        return largest;
    }

    private static float GroupSum(ArrayView<float> shared, float own)
    {
        shared[Group.IdxX] = own;
        Group.Barrier();
        for (int half = Items / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                shared[Group.IdxX] += shared[Group.IdxX + half];
            Group.Barrier();
        }
        return shared[0];
    }
}
