using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A convolution's weights with the batch normalization behind it folded in, in double: with s = gamma / √(variance + ε) per output channel, w′ = w·s and b′ = (b − mean)·s + beta.
/// </summary>
internal static class FoldedWeights
{
    public static (Tensor W, Tensor? B) Of(Device device, PlanNode node, List<PlanValue> values, bool transposed)
    {
        Tensor w = Constant(values, node.Inputs[1]);
        Tensor? b = node.Inputs.Length > 2 ? Constant(values, node.Inputs[2]) : null;
        if (node.Normalization is not { Op: BatchNormalizationOp op } normalization)
            return (w, b);
        float[] gamma = Constant(values, normalization.Inputs[1]).ToArray(), beta = Constant(values, normalization.Inputs[2]).ToArray();
        float[] mean = op.RunningMean.ToArray(), variance = op.RunningVariance.ToArray(), bias = b?.ToArray() ?? new float[gamma.Length];
        double[] scale = new double[gamma.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = gamma[c] / Math.Sqrt((double)variance[c] + op.Options.Epsilon);
            bias[c] = (float)(((bias[c] - (double)mean[c]) * scale[c]) + beta[c]);
        }
        // The result's channels are the last axis of a filter [R,S,I,O]; of a transposed one [R,S,O,I] the one before, where result channel g·O + o meets the columns of group g only.
        double[] row = transposed ? TransposedRow(scale, w.Shape[2], w.Shape[3], node.Geometry!.Groups) : scale;
        var folded = new Tensor(device, w.Shape);
        folded.Write((w, row), static (to, state) => state.w.Read(new Scaling(to, state.row), static (from, scaling) => ScaledRows.Multiply(from, scaling.Row, scaling.Result)));
        return (folded, Tensor.From(device, new Shape(bias.Length), bias));
    }

    private static double[] TransposedRow(double[] scale, int channels, int inner, int groups)
    {
        double[] row = new double[channels * inner];
        for (int i = 0; i < row.Length; i++)
            row[i] = scale[(i % inner / (inner / groups) * channels) + (i / inner)];
        return row;
    }

    private readonly ref struct Scaling(Span<float> result, double[] row)
    {
        public Span<float> Result { get; } = result;

        public double[] Row { get; } = row;
    }

    private static Tensor Constant(List<PlanValue> values, int value) =>
        values[value].Constant ?? throw new InvalidOperationException("Compile: a convolution's filter does not depend on the input; this one does; run the model without a plan.");
}
