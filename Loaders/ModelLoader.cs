using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>How to load, where the file leaves a choice.</summary>
public sealed record LoadOptions
{
    /// <summary>The zoo's name of the model that the file must hold; null takes what it holds.</summary>
    public string? Model { get; init; }

    /// <summary>See <see cref="ModelOptions.DownsampleFacebook"/>; the file cannot tell.</summary>
    public bool DownsampleFacebook { get; init; }

    /// <summary>See <see cref="ModelOptions.ValidStem"/>; the file cannot tell.</summary>
    public bool ValidStem { get; init; }

    /// <summary>See <see cref="ModelOptions.InputSize"/>; null takes the origin's, of a checkpoint that of its training.</summary>
    public int? InputSize { get; init; }

    /// <summary>Where the weights go; null takes <see cref="Kernels.Device.Default"/>.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// Whether a file may fill a part of the model, as for other heads on known features. Places without array keep what they have (in a new model their first values); arrays without place, or of other extents, are skipped.
    /// The report names each. A file of which nothing fits is still an error.
    /// </summary>
    public bool AllowMissing { get; init; }

    /// <summary>What the names in the file begin with, to be taken away: <c>updater/model:main/predictor/</c>, slash included. Arrays (Chainer) or layers (Keras) beside it are left out. Null: Chainer's prefixes are found.</summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// New names for arrays (Chainer: <c>fc8/W</c>) or layers (Keras: <c>predictions</c>), before they are compared with the model's; for each the first rule that fits. With a <c>*</c> in From, which stands for any run of
    /// characters, To takes that run for its own <c>*</c>; without, From is a whole name or what stands before a slash.
    /// </summary>
    public IReadOnlyList<(string From, string To)> Renames { get; init; } = [];

    internal ArrayNames Names => new(Prefix, Renames);

    /// <summary>How far compressed contents may expand.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;
}

/// <summary>
/// Weight files into models: Chainer's npz (plain, with a prefix, or a trainer's snapshot), Keras's h5, .weights.h5 and .keras, and our own checkpoints, each also in gzip. What a file is follows from its content. Loading is all or
/// nothing: every array of the file is used and every place of the model filled, with equal extents, or there is an error and the model stays as it was. <see cref="LoadOptions.AllowMissing"/> asks for less.
/// </summary>
public static class ModelLoader
{
    /// <summary>Builds the model that a file holds and loads it.</summary>
    /// <exception cref="WeightException">The file holds no model of the zoo, not the model asked for, or not all of it.</exception>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be opened.</exception>
    /// <exception cref="ModelOptionsException">A variant was asked for that the file's model does not have.</exception>
    public static Model Load(string path, LoadOptions? options = null) => Load(path, out _, options);

    /// <summary>As <see cref="Load(string, LoadOptions?)"/>, and says what went where.</summary>
    /// <exception cref="WeightException">The file holds no model of the zoo, not the model asked for, or not all of it.</exception>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    public static Model Load(string path, out LoadReport report, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        using ArrayFile file = ArrayFile.Open(path, options.Limits);
        WeightSource? source = WeightSource.Of(file, options.Names);
        WeightFileInfo info = Known(file, source, options.Model, options.AllowMissing);
        Model model = source is CheckpointSource || CheckpointDescription.IsBeside(file) ? CheckpointDescription.Build(file, options.InputSize) : ModelZoo.Create(info.Model!, new ModelOptions
        {
            Origin = info.Origin,
            Top = info.Top,
            Classes = info.Classes,
            InputSize = options.InputSize,
            DownsampleFacebook = options.DownsampleFacebook,
            ValidStem = options.ValidStem,
        });
        if (options.Device is { } device)
            model.To(device);
        var load = new WeightLoad(source!, model);
        load.Run(options.AllowMissing);
        report = load.Report;
        return model;
    }

    /// <summary>Loads a file into a model that exists. Its origin and classes must be the file's, unless <see cref="LoadOptions.AllowMissing"/> lets other classes pass.</summary>
    /// <param name="model">The model; it keeps its device and variants, whatever the options say of them.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The defaults when null.</param>
    /// <returns>What went where.</returns>
    /// <exception cref="WeightException">The file holds another model or origin, or not all of this one; the message says which it looks like.</exception>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    public static LoadReport Load(this Model model, string path, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new LoadOptions();
        using ArrayFile file = ArrayFile.Open(path, options.Limits);
        WeightSource? source = WeightSource.Of(file, options.Names);
        WeightFileInfo info = Known(file, source, model.Name, options.AllowMissing);
        if (info.Origin != model.Origin)
            throw new WeightException(path, $"a model takes the files of its own origin; this is {info}, the model {model}; build the model with ModelLoader.Load, which follows the file");
        var load = new WeightLoad(source!, model);
        load.Run(options.AllowMissing);
        return load.Report;
    }

    /// <summary>What a file holds, told by its names.</summary>
    /// <exception cref="WeightException">It is a file of a kind, or holds a model, that is refused by name.</exception>
    public static WeightFileInfo Recognize(ArrayFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return WeightRecognition.Of(file, WeightSource.Of(file));
    }

    private static WeightFileInfo Known(ArrayFile file, WeightSource? source, string? wanted, bool partial)
    {
        WeightFileInfo info = WeightRecognition.Of(file, source);
        // A part of a model need not hold the layer that tells which: then the word of whoever asked counts.
        if (partial && info.Model is null && info.Framework is ("chainer" or "keras") && wanted is not null)
            return info with { Model = wanted, Origin = info.Framework == "chainer" ? Origin.Chainer : Origin.Keras, Top = true };
        if (info.Model is null)
        {
            string holds = file.Arrays.Count == 0 ? "holds no arrays" : $"holds {file.Arrays.Count} arrays such as {string.Join(", ", file.Arrays.Take(3).Select(array => array.Name))}";
            throw new WeightException(file.Path, $"a weight file holds a model of the zoo ({string.Join(", ", ModelZoo.Names)}); this is {info} and {holds}");
        }
        if (wanted is not null && wanted != info.Model)
            throw new WeightException(file.Path, $"the file holds the model asked for; asked for {wanted}, it looks like {info}; ask for {info.Model} or give a file of {wanted}");
        return info;
    }
}
