namespace NativeFree.Tests.Reference;

internal static partial class Twins
{
    internal static Real Sum(Real x, bool mean, params int[] axes)
    {
        bool Named(int axis) => axes.Length == 0 || axes.Contains(axis);
        int[] left = [.. Enumerable.Range(0, x.Shape.Length).Where(axis => !Named(axis))];
        var y = new Real([.. left.Select(axis => x.Shape[axis])]);
        Real.ForEach(x.Shape, at => y[[.. left.Select(axis => at[axis])]] += x[at]);
        return mean ? y.Map(value => value * y.Values.Length / x.Values.Length) : y;
    }

    internal static Real Softmax(Real x, int axis, bool logarithm)
    {
        Real y = x.Map(value => value);
        Real.ForEach(x.Shape, at =>
        {
            double sum = 0;
            int[] other = [.. at];
            for (int l = 0; l < x.Shape[axis]; l++)
            {
                other[axis] = l;
                sum += Math.Exp(x[other] - x[at]);
            }
            y[at] = logarithm ? -Math.Log(sum) : 1 / sum;
        });
        return y;
    }

    internal static Real SoftmaxCrossEntropy(Real x, int[] labels, int? ignore, double[]? weight, bool normalize)
    {
        int classes = x.Shape[^1];
        Real logp = Softmax(x, x.Shape.Length - 1, true);
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] != ignore)
                sum -= (weight?[labels[row]] ?? 1) * logp.Values[(row * classes) + labels[row]];
        }
        return new Real([], [sum / Math.Max(normalize ? labels.Count(t => t != ignore) : x.Shape[0], 1)]);
    }

    internal static Real SigmoidCrossEntropy(Real x, int[] labels, int? ignore, bool normalize)
    {
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double sigmoid = 1 / (1 + Math.Exp(-x.Values[i]));
            if (labels[i] != ignore)
                sum -= labels[i] == 1 ? Math.Log(sigmoid) : Math.Log(1 - sigmoid);
        }
        return new Real([], [sum / Math.Max(normalize ? labels.Count(t => t != ignore) : x.Shape[0], 1)]);
    }

    internal static Real Dice(Real p, int[] labels, int? ignore, double smooth)
    {
        int classes = p.Shape[^1];
        double total = 0;
        for (int c = 0; c < classes; c++)
        {
            double overlap = 0, predicted = 0, truth = 0;
            for (int row = 0; row < labels.Length; row++)
            {
                if (labels[row] == ignore)
                    continue;
                predicted += p.Values[(row * classes) + c];
                overlap += labels[row] == c ? p.Values[(row * classes) + c] : 0;
                truth += labels[row] == c ? 1 : 0;
            }
            total += ((2 * overlap) + smooth) / (predicted + truth + smooth) / classes;
        }
        return new Real([], [1 - total]);
    }
}
