using NativeFree.Layers;

namespace NativeFree.Loaders;

/// <summary>Pictures with their classes, or with their masks, as a folder, a list or a published set names them. Nothing is decoded here; <see cref="ImageDataset"/> does that.</summary>
public sealed partial class ImageList
{
    /// <summary>Makes a list out of samples.</summary>
    /// <param name="source">What a message calls the whole: a folder, a file.</param>
    /// <param name="samples">The samples; all with masks or all without.</param>
    /// <param name="classes">Names of the classes, of pictures or, with masks, of pixels.</param>
    /// <param name="leftOut">One line for each entry of the source that is not among the samples.</param>
    /// <exception cref="ArgumentException">There is no sample, only some have masks, or, without masks, a label is no class.</exception>
    public ImageList(string source, IReadOnlyList<ImageSample> samples, IReadOnlyList<string> classes, IReadOnlyList<string>? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(classes);
        if (samples.Count == 0)
            throw new ArgumentException($"{source}: a list of pictures has at least one; this one has none.", nameof(samples));
        HasMasks = samples[0].ReadMask is not null;
        foreach (ImageSample sample in samples)
        {
            if (sample.ReadMask is not null != HasMasks)
                throw new ArgumentException($"{source}: all pictures have masks or none has; {samples[0].Name} and {sample.Name} differ.", nameof(samples));
            if (!HasMasks && (uint)sample.Label >= (uint)classes.Count)
                throw new ArgumentException($"{sample.Name}: labels lie in 0 to {classes.Count - 1}; got {sample.Label}.", nameof(samples));
        }
        (Source, Samples, Classes, LeftOut) = (source, samples, classes, leftOut ?? []);
    }

    /// <summary>What a message calls the whole.</summary>
    public string Source { get; }

    /// <summary>The samples.</summary>
    public IReadOnlyList<ImageSample> Samples { get; }

    /// <summary>Names of the classes, in the order of their labels.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Entries of the source that are known to be no use, with the reason.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Whether the samples have masks.</summary>
    public bool HasMasks { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Samples.Count;

    /// <summary>
    /// Divides the samples at random, each class by itself, so that both parts hold the classes in the list's proportions: round(heldOut·Count) samples go into the second part, of a class with n samples heldOut·n rounded up or
    /// down. Both keep the list's order.
    /// </summary>
    /// <param name="heldOut">The second part's share, above 0 and below 1.</param>
    /// <param name="seed">Start of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public (ImageList Kept, ImageList HeldOut) Split(double heldOut, int seed)
    {
        if (!(heldOut > 0 && heldOut < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, "ImageList.Split: the share held out lies between 0 and 1.");
        var second = new HashSet<int>();
        int seen = 0;
        foreach (int[] members in Shuffled(seed))
        {
            // What the classes so far should have given, less what they gave: small classes together give their share too.
            seen += members.Length;
            second.UnionWith(members.Take((int)Math.Round(heldOut * seen) - second.Count));
        }
        if (second.Count == 0 || second.Count == Count)
            throw new ArgumentException($"{Source}: both parts of a list have a picture; {heldOut} of {Count} gives {second.Count}; take another share.", nameof(heldOut));
        return (Pick(i => !second.Contains(i)), Pick(second.Contains));
    }

    /// <summary>So many samples, chosen at random and taken from the classes in turn, so that no class has two more than another that has some left. The list's order is kept.</summary>
    /// <param name="count">1 to Count.</param>
    /// <param name="seed">Start of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ImageList Take(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        int[][] classes = [.. Shuffled(seed)];
        var taken = new HashSet<int>();
        for (int turn = 0; taken.Count < count; turn++)
        {
            foreach (int[] members in classes)
            {
                if (turn < members.Length && taken.Count < count)
                    taken.Add(members[turn]);
            }
        }
        return Pick(taken.Contains);
    }

    /// <summary>The indices of each class in a random order of their own.</summary>
    private IEnumerable<int[]> Shuffled(int seed)
    {
        var random = new RandomSequence(seed, "members of a class");
        return Enumerable.Range(0, Count).GroupBy(i => Samples[i].Label).OrderBy(group => group.Key).Select(group => group.OrderBy(i => random.Bits(i)).ToArray());
    }

    private ImageList Pick(Func<int, bool> wanted) => new(Source, [.. Samples.Where((_, i) => wanted(i))], Classes);
}
