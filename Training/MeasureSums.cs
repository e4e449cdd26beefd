using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>What adds up to <see cref="Measures"/> while batches pass; part of a checkpoint, so that an epoch resumed in its middle ends with the same numbers.</summary>
internal sealed class MeasureSums
{
    private double loss;
    private long samples;
    private bool pixels;
    private ConfusionMatrix? confusion;

    public long Samples => samples;

    public ConfusionMatrix Confusion => confusion ?? new ConfusionMatrix(1);

    public Measures Measures
    {
        get
        {
            ConfusionMatrix all = Confusion;
            return new Measures
            {
                Loss = samples == 0 ? 0 : loss / samples,
                Accuracy = all.Accuracy,
                MeanIoU = pixels ? all.MeanIoU : null,
                IoU = pixels ? [.. Enumerable.Range(0, all.Classes).Select(all.IoU)] : [],
            };
        }
    }

    /// <exception cref="FileFormatException">Nothing was added: each of the samples was left out.</exception>
    public void RequireSamples(DataLoader data)
    {
        if (samples == 0)
            throw new FileFormatException(data.Data.NameOf(0), $"at least one sample of a set can be read; this one and the other {data.Count - 1} cannot; mend the files, or name others");
    }

    public void Add(double batchLoss, Tensor scores, Labels labels, int? ignore)
    {
        confusion ??= new ConfusionMatrix(scores.Shape[-1]);
        confusion.Add(scores, labels, ignore);
        pixels = labels.Shape.Rank > 1;
        samples += labels.Shape[0];
        loss += batchLoss * labels.Shape[0];
    }

    public void Save(StateWriter state)
    {
        state.Write("loss", loss);
        state.Write("samples", samples);
        state.Write("pixels", pixels ? 1 : 0);
        state.Write("classes", confusion?.Classes ?? 0);
        if (confusion is { } all)
            state.Write("confusion", [.. Enumerable.Range(0, all.Classes * all.Classes).Select(i => all[i / all.Classes, i % all.Classes])]);
    }

    public static MeasureSums Restore(StateReader state)
    {
        var sums = new MeasureSums { loss = state.Double("loss"), samples = state.Int64("samples"), pixels = state.Int64("pixels") != 0 };
        int classes = state.Count("classes");
        if (classes > 0)
            sums.confusion = new ConfusionMatrix(state.Int64s("confusion", (long)classes * classes));
        return sums;
    }
}
