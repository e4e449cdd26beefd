namespace NativeFree.Kernels;

/// <summary>One axis of a bilinear resize: for each output two neighbouring inputs and the weight of the second; and, for the gradient, the range of outputs that touch each input.</summary>
internal sealed class BilinearAxis
{
    public BilinearAxis(int inputs, int outputs, bool alignCorners)
    {
        Lower = new int[outputs];
        Upper = new int[outputs];
        Weight = new float[outputs];
        FirstUse = new int[inputs];
        EndUse = new int[inputs];
        Array.Fill(FirstUse, outputs);
        for (int i = 0; i < outputs; i++)
        {
            double at = alignCorners
                ? outputs == 1 ? 0 : i * (inputs - 1.0) / (outputs - 1)
                : Math.Max(((i + 0.5) * inputs / outputs) - 0.5, 0);
            int lower = Math.Min((int)at, inputs - 1);
            Lower[i] = lower;
            Upper[i] = Math.Min(lower + 1, inputs - 1);
            Weight[i] = (float)(at - lower);
            Use(Lower[i], i);
            Use(Upper[i], i);
        }
    }

    public int[] Lower { get; }

    public int[] Upper { get; }

    /// <summary>The weight of <see cref="Upper"/>; that of <see cref="Lower"/> is 1 − it.</summary>
    public float[] Weight { get; }

    /// <summary>The first output that reads an input; not below <see cref="EndUse"/> for none. Outputs look at inputs in order, so those that read one are neighbours.</summary>
    public int[] FirstUse { get; }

    public int[] EndUse { get; }

    /// <summary>The weight with which output <paramref name="output"/> reads input <paramref name="input"/>.</summary>
    public float WeightOf(int output, int input) =>
        (Lower[output] == input ? 1 - Weight[output] : 0) + (Upper[output] == input ? Weight[output] : 0);

    private void Use(int input, int output)
    {
        FirstUse[input] = Math.Min(FirstUse[input], output);
        EndUse[input] = Math.Max(EndUse[input], output + 1);
    }
}
