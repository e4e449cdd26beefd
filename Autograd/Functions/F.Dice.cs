using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y = 1 − (1/C)·Σ over classes c of (2·I + smooth) / (P + T + smooth): I the sum of p over the pixels of class c, P its sum over all pixels, T the number of pixels of class c, over the whole batch and without ignored
    /// pixels. Milletari et al., arXiv:1606.04797, with plain sums in the divisor.
    /// </summary>
    /// <param name="p">float32 [N, H, W, C] or [N, C]: probabilities, such as <see cref="Softmax"/> gives.</param>
    /// <param name="labels">int32, one a row of channels.</param>
    /// <param name="ignoreLabel">The label that counts for nothing; −1 unless given, null for none.</param>
    /// <param name="smooth">Keeps a class that neither occurs nor is predicted from dividing by 0; positive.</param>
    /// <returns>A single float32, 0 for a perfect match.</returns>
    /// <exception cref="ShapeException">There is not one label a row.</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one; or smooth is not positive.</exception>
    public static Variable Dice(Variable p, Labels labels, int? ignoreLabel = -1, float smooth = 1)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (!(smooth > 0))
            throw new ArgumentOutOfRangeException(nameof(smooth), smooth, "Dice: smooth is positive.");
        _ = CheckLabels("Dice", p.Shape, labels, ignoreLabel);
        return new DiceOp(labels, ignoreLabel, smooth).Apply(p);
    }
}

/// <summary>The Dice loss. Keeps two values a class.</summary>
/// <param name="labels">The labels.</param>
/// <param name="ignoreLabel">The label that counts for nothing.</param>
/// <param name="smooth">Added above and below.</param>
public sealed class DiceOp(Labels labels, int? ignoreLabel, float smooth) : Op
{
    /// <inheritdoc/>
    public override string Name => "Dice";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        Device device = x[0].Device;
        var channels = new Shape(x[0].Shape[-1]);
        Tensor overlap = new(device, channels), total = new(device, channels);
        device.Reductions.LabelSums(x[0], labels, ignoreLabel, overlap, total);
        float[] inside = overlap.ToArray(), all = total.ToArray();
        int[] count = Count(inside.Length);
        // loss = 1 − Σ (2I + s)/(P + T + s)/C; its slopes: −2/(P + T + s)/C in I, (2I + s)/(P + T + s)²/C in P.
        double sum = 0;
        for (int c = 0; c < inside.Length; c++)
        {
            double above = (2.0 * inside[c]) + smooth, below = (double)all[c] + count[c] + smooth;
            sum += above / below;
            inside[c] = (float)(-2 / below / inside.Length);
            all[c] = (float)(above / below / below / count.Length);
        }
        overlap.CopyFrom(inside);
        total.CopyFrom(all);
        saved.Keep(overlap);
        saved.Keep(total);
        return Tensor.Filled(device, new Shape(), (float)(1 - (sum / Math.Max(count.Length, 1))));
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (!g.Wants(0))
            return;
        float upstream = gy.ToArray()[0];
        Tensor overlap = new(gy.Device, saved[0].Shape), total = new(gy.Device, saved[0].Shape);
        gy.Device.Elementwise.Scale(upstream, saved[0], overlap);
        gy.Device.Elementwise.Scale(upstream, saved[1], total);
        gy.Device.Reductions.LabelSumsBackward(labels, ignoreLabel, overlap, total, g[0]);
        overlap.Release();
        total.Release();
    }

    private int[] Count(int classes)
    {
        int[] count = new int[classes];
        foreach (int t in labels.Values)
        {
            if (t != ignoreLabel)
                count[t]++;
        }
        return count;
    }
}
