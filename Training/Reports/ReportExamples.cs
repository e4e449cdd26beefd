using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Training;

/// <summary>Pictures of a dataset with what models say of them, for a report.</summary>
public static class ReportExamples
{
    private const int Across = 4;

    // A page shows pictures 180 wide; twice that is sharp on any screen, and a photo of several megapixels would be the whole page's weight.
    private const int LongestSide = 360;

    /// <summary>
    /// Pictures taken evenly from the whole of a dataset: with masks one row each, picture, truth and an overlay of every model's answer; with classes side by side, the answers below and whether they are right. Such as cannot be read
    /// are passed over; large ones are shown smaller.
    /// </summary>
    /// <param name="title">The heading.</param>
    /// <param name="data">The pictures; their augmentation is not applied.</param>
    /// <param name="models">What each model is called, and the model, which prepares pictures itself and runs in inference mode.</param>
    /// <param name="count">How many pictures; fewer where there are not so many.</param>
    /// <exception cref="ArgumentException">A model gives no class probabilities.</exception>
    public static ReportGrid Of(string title, ImageDataset data, IReadOnlyList<(string Name, Model Model)> models, int count = 8)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(models);
        (int Index, Image Photo, Image? Mask)[] shown = [.. Readable(data, Math.Min(count, data.Count))];
        if (data.LabelShape.Rank > 0)
            return new ReportGrid(title, ["picture", "truth", .. models.Select(model => model.Name)], [.. shown.Select(item => Masks(data.NameOf(item.Index), item.Photo, item.Mask!, models))]);
        int across = Math.Clamp(shown.Length, 1, Across);
        IEnumerable<ReportRow> rows = shown.Take(shown.Length / across * across).Chunk(across).Select(row => new ReportRow(
            string.Join(", ", row.Select(item => Path.GetFileName(data.NameOf(item.Index)))), [.. row.Select(item => Classes(data, item.Index, item.Photo, models))]));
        return new ReportGrid(title, [.. Enumerable.Repeat("", across)], [.. rows]);
    }

    /// <summary>Of each of so many equal parts of the dataset the first picture that can be read.</summary>
    private static IEnumerable<(int Index, Image Photo, Image? Mask)> Readable(ImageDataset data, int parts)
    {
        for (int part = 0; part < parts; part++)
        {
            int end = (int)((part + 1L) * data.Count / parts);
            for (int i = (int)((long)part * data.Count / parts); i < end; i++)
            {
                if (Read(data, i) is not { } found)
                    continue;
                yield return (i, found.Image, found.Mask);
                break;
            }
        }
    }

    private static (Image Image, Image? Mask)? Read(ImageDataset data, int index)
    {
        try
        {
            return data.Original(index);
        }
        catch (Exception e) when (e is FileFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Image Shown(Image photo)
    {
        int longest = Math.Max(photo.Height, photo.Width);
        if (longest <= LongestSide)
            return photo;
        int Scaled(int side) => Math.Max(1, (int)((long)side * LongestSide / longest));
        return ImageResize.Resize(photo.ToRgb(), Scaled(photo.Height), Scaled(photo.Width), ResizeFilter.Bilinear);
    }

    private static ReportRow Masks(string path, Image photo, Image truth, IReadOnlyList<(string Name, Model Model)> models)
    {
        string name = Path.GetFileName(path);
        Image small = Shown(photo);
        return new ReportRow(name, [new ReportPicture(small, name), new ReportPicture(ClassColors.Overlay(small, truth)), .. models.Select(model => Overlay(model.Model, photo, small, truth))]);
    }

    private static ReportPicture Overlay(Model model, Image photo, Image small, Image truth)
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
        return new ReportPicture(ClassColors.Overlay(small, mask), string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / Math.Max(counted, 1):0.0} % of pixels right"));
    }

    private static ReportPicture Classes(ImageDataset data, int index, Image photo, IReadOnlyList<(string Name, Model Model)> models)
    {
        int truth = data.List.Samples[index].Label;
        (string Name, int Best, float Probability)[] answers = [.. models.Select(model =>
        {
            (int[] best, _, float[] probabilities) = Answer(model.Model, photo);
            return (model.Name, best[0], probabilities[best[0]]);
        })];
        string said = string.Join("; ", answers.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Name}: {data.Classes[answer.Best]} ({100 * answer.Probability:0}\u00a0%)")));
        return new ReportPicture(Shown(photo), $"{data.Classes[truth]}; {said}") { Name = Path.GetFileName(data.NameOf(index)), Right = answers.Length == 0 ? null : answers.All(answer => answer.Best == truth) };
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
