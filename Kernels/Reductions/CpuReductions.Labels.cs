namespace NativeFree.Kernels;

internal sealed unsafe partial class CpuReductions
{
    public void NegativeLogLikelihood(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor loss)
    {
        int rows = CheckRows(nameof(NegativeLogLikelihood), logp, labels);
        device.Expect(nameof(NegativeLogLikelihood), weight, loss);
        int depth = logp.Shape[-1];
        // One addition a row beside the row's exponentials: not worth a thread.
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            int t = labels.Values[row];
            if (t != ignore)
                sum -= (double)logp.Pointer[((long)row * depth) + t] * (weight is null ? 1 : weight.Pointer[t]);
        }
        loss.Pointer[0] = (float)(scale * sum);
        loss.Touch(logp, weight);
    }

    public void NegativeLogLikelihoodBackward(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor gy, Tensor gx)
    {
        int rows = CheckRows(nameof(NegativeLogLikelihoodBackward), logp, labels);
        device.Expect(nameof(NegativeLogLikelihoodBackward), weight, gy, gx);
        ShapeException.RequireEqual(nameof(NegativeLogLikelihoodBackward), logp.Shape, gx.Shape);
        int depth = logp.Shape[-1];
        fixed (int* t = labels.Values)
            device.Crew.Run(rows, 8L * depth, new LikelihoodGradientKernel(depth, t, ignore, weight is null ? null : weight.Pointer, scale * gy.Pointer[0], logp.Pointer, gx.Pointer));
        gx.Touch(logp, weight, gy);
    }

    public void SigmoidCrossEntropy(Tensor x, Labels labels, int? ignore, float scale, Tensor loss)
    {
        CheckElements(nameof(SigmoidCrossEntropy), x, labels);
        device.Expect(nameof(SigmoidCrossEntropy), loss);
        int blocks = Flat.Blocks(x.Count);
        using var scratch = new ScratchFloats(device.Pool, 2L * blocks);
        double* partial = (double*)scratch.Pointer;
        fixed (int* t = labels.Values)
            device.Crew.Run(blocks, 8 * Flat.Block, new SigmoidLossKernel(t, ignore, x.Pointer, x.Count, partial));
        double sum = 0;
        for (int i = 0; i < blocks; i++)
            sum += partial[i];
        loss.Pointer[0] = (float)(scale * sum);
        loss.Touch(x);
    }

    public void SigmoidCrossEntropyBackward(Tensor x, Labels labels, int? ignore, float scale, Tensor gy, Tensor gx)
    {
        CheckElements(nameof(SigmoidCrossEntropyBackward), x, labels);
        device.Expect(nameof(SigmoidCrossEntropyBackward), gy, gx);
        ShapeException.RequireEqual(nameof(SigmoidCrossEntropyBackward), x.Shape, gx.Shape);
        fixed (int* t = labels.Values)
            device.Crew.Run(Flat.Blocks(x.Count), 8 * Flat.Block, new SigmoidLossGradientKernel(t, ignore, scale * gy.Pointer[0], x.Pointer, x.Count, gx.Pointer));
        gx.Touch(x, gy);
    }

    public void LabelSums(Tensor p, Labels labels, int? ignore, Tensor overlap, Tensor total)
    {
        int rows = CheckRows(nameof(LabelSums), p, labels);
        device.Expect(nameof(LabelSums), overlap, total);
        int depth = p.Shape[-1];
        int pieces = ColumnSumKernel.Pieces(rows, depth);
        using var scratch = new ScratchFloats(device.Pool, 2L * pieces * depth);
        fixed (int* t = labels.Values)
            device.Crew.Run(pieces, (long)ColumnSumKernel.Rows(depth) * depth, new LabelSumKernel(rows, depth, t, ignore, p.Pointer, scratch.Pointer));
        for (int c = 0; c < depth; c++)
        {
            double inside = 0, all = 0;
            for (int piece = 0; piece < pieces; piece++)
            {
                inside += scratch.Pointer[(2L * piece * depth) + c];
                all += scratch.Pointer[(((2L * piece) + 1) * depth) + c];
            }
            overlap.Pointer[c] = (float)inside;
            total.Pointer[c] = (float)all;
        }
        overlap.Touch();
        total.Touch(p);
    }

    public void LabelSumsBackward(Labels labels, int? ignore, Tensor overlap, Tensor total, Tensor gp)
    {
        int rows = CheckRows(nameof(LabelSumsBackward), gp, labels);
        device.Expect(nameof(LabelSumsBackward), overlap, total);
        int depth = gp.Shape[-1];
        fixed (int* t = labels.Values)
            device.Crew.Run(rows, depth, new LabelSumGradientKernel(depth, t, ignore, overlap.Pointer, total.Pointer, gp.Pointer));
        gp.Touch(overlap, total);
    }

    private int CheckRows(string where, Tensor x, Labels labels)
    {
        device.Expect(where, x);
        if (x.Shape.Rank < 1 || labels.Shape.Count * x.Shape[-1] != x.Count)
            throw new ShapeException($"{where}: there is one label a row of channels; x = {x.Shape}, labels = {labels.Shape}.");
        return labels.Values.Length;
    }

    private void CheckElements(string where, Tensor x, Labels labels)
    {
        device.Expect(where, x);
        if (labels.Shape.Count != x.Count)
            throw new ShapeException($"{where}: there is one label an element; x = {x.Shape}, labels = {labels.Shape}.");
    }
}
