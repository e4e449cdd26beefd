using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What the nodes of a plan ask of the cache, and which of them may run for a part of the batch: those that treat each picture by itself, on the SIMD engine.</summary>
internal static class PlanLoads
{
    /// <summary>
    /// Bytes of the last cache that a plan counts on for values, and again for filters: half of it each; where many threads bring second caches of their own, as much as these, since fewer pictures would leave too little for
    /// each thread.
    /// </summary>
    public static long Room(Device device) => device is CpuDevice cpu ? Math.Max(LastCache.Bytes / 2, (long)cpu.Threads * SecondCache.Bytes) : long.MaxValue;

    /// <summary>The load of a node, once joins have their places.</summary>
    public static PlanStretch.Load Of(Device device, PlanNode node, List<PlanValue> values, int batch)
    {
        if (device.Convolution is not CpuConvolution convolution)
            return default;
        int[] reads = Reads(node);
        // What producers wrote in place is not copied, and a join of nothing else does nothing.
        int[] passed = node.Op is ConcatOp ? [.. reads.Where(input => values[input].Root != node.Output)] : [.. reads];
        long floats = passed.Length == 0 ? 0 : passed.Sum(input => values[input].Shape.Count) + values[node.Output].Shape.Count;
        bool splits = TreatsPicturesAlone(node) && reads.Append(node.Output).All(value => values[value] is { Constant: null, Shape.Rank: 4 } and var known && known.Shape[0] == batch);
        return new PlanStretch.Load(floats * sizeof(float), node.IsConvolution ? convolution.FilterBytes(node.Geometry!, node.Op is Deconvolution2DOp) : 0, node.Geometry?.Flops ?? 0, splits);
    }

    // Parameters aside.
    private static int[] Reads(PlanNode node) => node.Op switch
    {
        Convolution2DOp or Deconvolution2DOp => node.Addend < 0 ? [node.Inputs[0]] : [node.Inputs[0], node.Addend],
        BatchNormalizationOp => [node.Inputs[0]],
        _ => node.Inputs,
    };

    private static bool TreatsPicturesAlone(PlanNode node) => node.Op switch
    {
        ConcatOp join => join.Axis == 3,
        AddOp => node.Inputs.Length == 2,
        _ => node.Op is Convolution2DOp or Deconvolution2DOp or MaxPooling2DOp or AveragePooling2DOp or ActivationOp or LocalResponseNormalizationOp or BatchNormalizationOp,
    };
}
