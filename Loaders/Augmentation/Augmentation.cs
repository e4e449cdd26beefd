using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Loaders;

/// <summary>
/// Random changes of a picture and, in step, of its mask: a turn about the centre, a mirror image, a crop resized to the input, and, of the picture alone, brightness, contrast and saturation. What is drawn depends on
/// (seed, epoch, index) alone. Beyond its edges a picture is mirrored. The defaults are those of the usual recipe for few photos.
/// </summary>
public sealed record Augmentation
{
    /// <summary>The largest turn to either side, degrees, 0 to 180; the angle is uniform.</summary>
    public double RotationDegrees { get; init; } = 30;

    /// <summary>The part of the pictures that are turned, 0 to 1.</summary>
    public double RotationProbability { get; init; } = 0.5;

    /// <summary>The part of the pictures that are mirrored left to right, 0 to 1.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>The smallest part of the picture's area that a crop holds, above 0; the part is uniform up to 1. With 1 nothing is cropped.</summary>
    public double SmallestCrop { get; init; } = 0.7;

    /// <summary>The largest change of a crop's shape, 1 or more: its width over its height, in pixels of the picture, lies between 1/x and x, uniform on a logarithmic scale.</summary>
    public double LargestAspect { get; init; } = 4.0 / 3;

    /// <summary>Brightness is multiplied by a factor uniform in 1 ± this, 0 to 1.</summary>
    public double Brightness { get; init; } = 0.2;

    /// <summary>Contrast is multiplied by a factor uniform in 1 ± this, 0 to 1.</summary>
    public double Contrast { get; init; } = 0.2;

    /// <summary>Saturation is multiplied by a factor uniform in 1 ± this, 0 to 1.</summary>
    public double Saturation { get; init; } = 0.2;

    /// <summary>What happens to one picture in one epoch: equal arguments give equal changes.</summary>
    /// <param name="seed">Start of the random numbers.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="index">The picture's index in its dataset.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    public AugmentationDraw Draw(int seed, int epoch, int index, int height, int width)
    {
        var random = new RandomSequence(seed, $"augmentation of epoch {epoch}, sample {index}");
        // Each number has a place of its own in the sequence, so that switching one change off leaves the others as they were.
        AffineTransform? turn = random.Uniform(0) < RotationProbability ? AffineTransform.Rotation(Between(-RotationDegrees, RotationDegrees, 1), height, width) : null;
        bool flip = random.Uniform(2) < FlipProbability;
        double logarithm = Math.Log(LargestAspect);
        CropBox box = SmallestCrop == 1
            ? new CropBox(0, 0, height, width)
            : CropBox.OfScale(height, width, Between(SmallestCrop, 1, 3), Math.Exp(Between(-logarithm, logarithm, 4)), random.Uniform(5), random.Uniform(6));
        return new AugmentationDraw(turn, flip, box, Around(Brightness, 7), Around(Contrast, 8), Around(Saturation, 9));

        double Between(double low, double high, int place) => low + ((high - low) * random.Uniform(place));

        float Around(double spread, int place) => (float)Between(1 - spread, 1 + spread, place);
    }

    /// <summary>Refuses numbers outside their ranges.</summary>
    internal void RequireValid()
    {
        Require(RotationDegrees is >= 0 and <= 180, "RotationDegrees is 0 to 180", RotationDegrees);
        Require(RotationProbability is >= 0 and <= 1, "RotationProbability is 0 to 1", RotationProbability);
        Require(FlipProbability is >= 0 and <= 1, "FlipProbability is 0 to 1", FlipProbability);
        Require(SmallestCrop is > 0 and <= 1, "SmallestCrop is above 0 and at most 1", SmallestCrop);
        Require(LargestAspect is >= 1 and < 1000, "LargestAspect is 1 or more, below 1000", LargestAspect);
        Require(Brightness is >= 0 and <= 1, "Brightness is 0 to 1", Brightness);
        Require(Contrast is >= 0 and <= 1, "Contrast is 0 to 1", Contrast);
        Require(Saturation is >= 0 and <= 1, "Saturation is 0 to 1", Saturation);

        static void Require(bool valid, string rule, double value)
        {
            if (!valid)
                throw new ShapeException($"Augmentation: {rule}; got {value}.");
        }
    }
}
