namespace NativeFree.Tests.Reference;

/// <summary>y = max(normalized x + shortcut, 0) and all its gradients, by their definitions in double; the gate is that of this y.</summary>
internal static class ResidualTwin
{
    /// <summary>y, gx, gshortcut, ggamma and gbeta by name; mean and variance are those of x where <paramref name="batch"/> is set, else constants.</summary>
    public static Dictionary<string, double[]> Of(bool batch, int rows, int channels, float[] x, float[] gamma, float[] beta, float[] mean, float[] variance, float[] shortcut, float[] gy, double epsilon)
    {
        double[] y = new double[x.Length], gx = new double[x.Length], gs = new double[x.Length], gg = new double[channels], gb = new double[channels];
        for (int c = 0; c < channels && rows > 0; c++)
        {
            int[] at = [.. Enumerable.Range(0, rows).Select(row => (row * channels) + c)];
            double m = batch ? at.Average(i => (double)x[i]) : mean[c], v = batch ? at.Average(i => (x[i] - m) * (x[i] - m)) : variance[c], inverse = 1 / Math.Sqrt(v + epsilon);
            foreach (int i in at)
            {
                y[i] = Math.Max(((x[i] - m) * inverse * gamma[c]) + beta[c] + shortcut[i], 0);
                gs[i] = y[i] > 0 ? gy[i] : 0;
                gg[c] += gs[i] * (x[i] - m) * inverse;
                gb[c] += gs[i];
            }
            foreach (int i in at)
                gx[i] = gamma[c] * inverse * (gs[i] - (batch ? (((x[i] - m) * inverse * gg[c]) + gb[c]) / rows : 0));
        }
        return new Dictionary<string, double[]> { ["y"] = y, ["gx"] = gx, ["gshortcut"] = gs, ["ggamma"] = gg, ["gbeta"] = gb };
    }
}
