using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Training;

/// <summary>Pictures of a dataset with what models say of them, for a report.</summary>
public static class ReportExamples
{
    private const int Across = 4;

    /// <summary>
    /// The first pictures as they are stored: with masks one row each, picture, truth and an overlay of every model's answer; with classes side by side, true class and answers below.
    /// </summary>
    /// <param name="title">The heading.</param>
    /// <param name="data">The pictures; their augmentation is not applied.</param>
    /// <param name="models">What each model is called, and the model, which prepares pictures itself and runs in inference mode.</param>
    /// <param name="count">How many pictures; fewer where there are not so many.</param>
    /// <exception cref="ArgumentException">A model gives no class probabilities.</exception>
    /// <exception cref="FileFormatException">A picture cannot be read.</exception>
    public static ReportGrid Of(string title, ImageDataset data, IReadOnlyList<(string Name, Model Model)> models, int count = 8)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(models);
        int shown = Math.Min(count, data.Count);
        if (data.LabelShape.Rank > 0)
            return new ReportGrid(title, ["picture", "truth", .. models.Select(model => model.Name)], [.. Enumerable.Range(0, shown).Select(i => Masks(data, models, i))]);
        int across = Math.Min(Across, shown);
        ReportPicture[] pictures = [.. Enumerable.Range(0, shown / across * across).Select(i => Classes(data, models, i))];
        return new ReportGrid(title, [.. Enumerable.Repeat("", across)], [.. pictures.Chunk(across).Select(row => new ReportRow("test picture", row))]);
    }

    private static ReportRow Masks(ImageDataset data, IReadOnlyList<(string Name, Model Model)> models, int index)
    {
        string name = Path.GetFileName(data.NameOf(index));
        (Image photo, Image? truth) = data.Original(index);
        return new ReportRow(name, [new ReportPicture(photo, name), new ReportPicture(ClassColors.Overlay(photo, truth!)), .. models.Select(model => Overlay(model.Model, photo, truth!))]);
    }

    private static ReportPicture Overlay(Model model, Image photo, Image truth)
    {
        (int[] classes, Shape shape, _) = Answer(model, photo);
        var mask = new Image(shape[1], shape[2], 1, [.. classes.Select(index => (byte)index)]);
        byte[] sized = ImageResize.NearestHalfPixel(mask, truth.Height, truth.Width).Pixels;
        int right = 0, counted = 0;
        for (int i = 0; i < sized.Length; i++)
        {
            counted += truth.Pixels[i] == byte.MaxValue ? 0 : 1;
            right += sized[i] == truth.Pixels[i] ? 1 : 0;
        }
        return new ReportPicture(ClassColors.Overlay(photo, mask), string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / Math.Max(counted, 1):0.0} % of pixels right"));
    }

    private static ReportPicture Classes(ImageDataset data, IReadOnlyList<(string Name, Model Model)> models, int index)
    {
        (Image photo, _) = data.Original(index);
        IEnumerable<string> answers = models.Select(model =>
        {
            (int[] best, _, float[] probabilities) = Answer(model.Model, photo);
            return string.Create(CultureInfo.InvariantCulture, $"{model.Name}: {data.Classes[best[0]]} ({100 * probabilities[best[0]]:0} %)");
        });
        return new ReportPicture(photo, $"true: {data.Classes[data.List.Samples[index].Label]}; {string.Join("; ", answers)}");
    }

    private static (int[] Best, Shape Shape, float[] Probabilities) Answer(Model model, Image photo)
    {
        string layer = model.ProbabilityLayer ?? throw new ArgumentException($"ReportExamples: models give class probabilities; {model} has no top.", nameof(model));
        using var scope = new Scope();
        Tensor probabilities = model.Extract([photo], [layer])[layer];
        int[] best = new int[probabilities.Count / probabilities.Shape[-1]];
        probabilities.Device.Reductions.ArgMax(probabilities, best);
        return (best, probabilities.Shape, probabilities.ToArray());
    }
}
