using ILGPU;

namespace NativeFree.Kernels;

/// <summary>Losses over labels. Labels lie in host memory and are copied for the call.</summary>
internal sealed partial class GpuReductions
{
    public void NegativeLogLikelihood(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor loss)
    {
        int rows = CheckRows(nameof(NegativeLogLikelihood), logp, labels);
        device.Expect(nameof(NegativeLogLikelihood), weight, loss);
        using GpuScratch copied = new(device, rows);
        using GpuScratch terms = new(device, rows);
        LossLaunch.LogLikelihoodTerms(
            device.Stream, DeviceIndex.GridFor(rows), device.View(logp), copied.Upload(labels.Values), IgnoredLabel.Of(ignore), device.View(weight), weight is null ? 0 : 1, terms.View,
            logp.Shape[-1], rows);
        new GpuColumns(device, 1, rows, 1).SumRows(terms.View, scale, device.View(loss));
        loss.Touch(logp, weight);
    }

    public void NegativeLogLikelihoodBackward(Tensor logp, Labels labels, int? ignore, Tensor? weight, float scale, Tensor gy, Tensor gx)
    {
        int rows = CheckRows(nameof(NegativeLogLikelihoodBackward), logp, labels);
        device.Expect(nameof(NegativeLogLikelihoodBackward), weight, gy, gx);
        ShapeException.RequireEqual(nameof(NegativeLogLikelihoodBackward), logp.Shape, gx.Shape);
        using GpuScratch copied = new(device, rows);
        LossLaunch.LogLikelihoodBackward(
            device.Stream, DeviceIndex.GridFor(gx.Count), device.View(logp), copied.Upload(labels.Values), IgnoredLabel.Of(ignore), device.View(weight), weight is null ? 0 : 1, scale, device.View(gy),
            device.View(gx), logp.Shape[-1], gx.Count);
        gx.Touch(logp, weight, gy);
    }

    public void SigmoidCrossEntropy(Tensor x, Labels labels, int? ignore, float scale, Tensor loss)
    {
        CheckElements(nameof(SigmoidCrossEntropy), x, labels);
        device.Expect(nameof(SigmoidCrossEntropy), loss);
        using GpuScratch copied = new(device, x.Count);
        using GpuScratch terms = new(device, x.Count);
        LossLaunch.SigmoidTerms(device.Stream, DeviceIndex.GridFor(x.Count), device.View(x), copied.Upload(labels.Values), IgnoredLabel.Of(ignore), terms.View, x.Count);
        new GpuColumns(device, 1, labels.Values.Length, 1).SumRows(terms.View, scale, device.View(loss));
        loss.Touch(x);
    }

    public void SigmoidCrossEntropyBackward(Tensor x, Labels labels, int? ignore, float scale, Tensor gy, Tensor gx)
    {
        CheckElements(nameof(SigmoidCrossEntropyBackward), x, labels);
        device.Expect(nameof(SigmoidCrossEntropyBackward), gy, gx);
        ShapeException.RequireEqual(nameof(SigmoidCrossEntropyBackward), x.Shape, gx.Shape);
        using GpuScratch copied = new(device, x.Count);
        LossLaunch.SigmoidBackward(
            device.Stream, DeviceIndex.GridFor(x.Count), device.View(x), copied.Upload(labels.Values), IgnoredLabel.Of(ignore), scale, device.View(gy), device.View(gx), x.Count);
        gx.Touch(x, gy);
    }

    public void LabelSums(Tensor p, Labels labels, int? ignore, Tensor overlap, Tensor total)
    {
        int rows = CheckRows(nameof(LabelSums), p, labels);
        device.Expect(nameof(LabelSums), overlap, total);
        using GpuScratch copied = new(device, rows);
        ArrayView<int> t = copied.Upload(labels.Values);
        IgnoredLabel ignored = IgnoredLabel.Of(ignore);
        GpuColumns columns = new(device, 1, rows, p.Shape[-1]);
        columns.Sum<LabelTerm>(p, null, null, t, ignored, 1, overlap);
        columns.Sum<CountedTerm>(p, null, null, t, ignored, 1, total);
        overlap.Touch();
        total.Touch(p);
    }

    public void LabelSumsBackward(Labels labels, int? ignore, Tensor overlap, Tensor total, Tensor gp)
    {
        int rows = CheckRows(nameof(LabelSumsBackward), gp, labels);
        device.Expect(nameof(LabelSumsBackward), overlap, total);
        using GpuScratch copied = new(device, rows);
        LossLaunch.LabelSumsBackward(
            device.Stream, DeviceIndex.GridFor(gp.Count), copied.Upload(labels.Values), IgnoredLabel.Of(ignore), device.View(overlap), device.View(total), device.View(gp), gp.Shape[-1], gp.Count);
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
