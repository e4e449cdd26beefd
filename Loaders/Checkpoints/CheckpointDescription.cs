using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// What <c>about/…</c> says of a model: name, origin and options, the tap and the new layers where it has them, and the names of its classes. Our checkpoints have it always; a file in a framework's own names and layouts only where
/// those do not tell the model, and then with <c>about/framework</c>. Keras and Chainer ask for the names they know and pass it over.
/// </summary>
internal static class CheckpointDescription
{
    public const string Format = "about/format";

    private const int Version = 1;
    private const string Prefix = "about/", Framework = Prefix + "framework";

    // No array that describes a model is larger; a damaged file must not ask for more.
    private const long MostBytes = 1 << 24;

    /// <summary>The arrays; of a network that is no model of the zoo the format alone.</summary>
    public static IEnumerable<NamedArray> Arrays(Model? model)
    {
        yield return Number("format", Version);
        if (model is null)
            yield break;
        yield return Text("model", model.Name);
        yield return Text("origin", model.Origin.Text());
        ModelOptions options = model is FineTuned tuned ? tuned.Base.Options : model.Options;
        yield return Number("classes", options.Classes ?? 0);
        yield return Number("input_size", model.InputSize);
        yield return Number("width", options.Width ?? 0);
        foreach ((string name, bool value) in Switches(options))
            yield return Number(name, value ? 1 : 0);
        if (model.ClassNames is { } names)
            yield return NamedArray.Texts(Prefix + "class_names", [names.Count], names);
        if (model is not FineTuned made)
            yield break;
        yield return Text("tap", made.Tap);
        yield return NamedArray.Of<long>(Prefix + "new_layers", [made.NewLayerOptions.Hidden.Count + 1], (long[])[.. made.NewLayerOptions.Hidden.Select(outputs => (long)outputs), made.Classes]);
        yield return Number("average", made.NewLayerOptions.Average ? 1 : 0);
        yield return NamedArray.Of<float>(Prefix + "dropout", [], new[] { made.NewLayerOptions.Dropout });
    }

    /// <summary>What a file in a framework's own names says of its model: nothing where the names do.</summary>
    public static IEnumerable<NamedArray> ArraysBeside(Model model) =>
        model is FineTuned || model.ClassNames is not null || model.Options is { Width: not null } or { SamePadding: true } or { UpSample: true }
            ? Arrays(model).Append(Text("framework", model.Origin == Origin.Chainer ? "chainer" : "keras"))
            : [];

    /// <summary>Whether the file has a framework's own names and says what its model is besides.</summary>
    public static bool IsBeside(ArrayFile file) => file.Find(Framework) is not null;

    /// <summary>The names of the arrays that stand beside the weights; none of a checkpoint or of a file without description.</summary>
    public static IEnumerable<string> NamesBeside(ArrayFile file) => IsBeside(file) ? file.Arrays.Select(entry => entry.Name).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)) : [];

    /// <summary>The model, without its weights. Parameters take no memory yet.</summary>
    /// <param name="file">A checkpoint, or a file with a description.</param>
    /// <param name="inputSize">Rows and columns of its pictures; null takes the file's.</param>
    /// <exception cref="WeightException">Something is missing or makes no model.</exception>
    public static Model Build(ArrayFile file, int? inputSize = null)
    {
        try
        {
            var options = new ModelOptions
            {
                Origin = OriginOf(file),
                Classes = Optional(file, "classes"),
                InputSize = inputSize ?? Optional(file, "input_size"),
                Width = Optional(file, "width"),
                Top = Number(file, "top") != 0,
                SamePadding = Number(file, "same_padding") != 0,
                UpSample = Number(file, "up_sample") != 0,
                DownsampleFacebook = Number(file, "downsample_fb") != 0,
                ValidStem = Number(file, "valid_stem") != 0,
            };
            Model model = ModelZoo.Create(ModelOf(file)!, options);
            if (file.Find(Prefix + "tap") is not null)
            {
                int[] outputs = [.. Numbers(file, "new_layers").Select(outputs => (int)Math.Clamp(outputs, 0, int.MaxValue))];
                model = new FineTuned(model, Text(file, "tap"), outputs.Length == 0 ? 0 : outputs[^1], new NewLayerOptions
                {
                    Hidden = outputs.Length == 0 ? [] : outputs[..^1],
                    Average = Number(file, "average") != 0,
                    Dropout = (float)Fraction(file, "dropout"),
                });
            }
            model.ClassNames = ClassNames(file);
            return model.ClassNames is { } names && names.Count != model.Classes
                ? throw Fault(file, $"has a name for each class; {names.Count} names, {model.Classes} classes")
                : model;
        }
        catch (Exception e) when (e is ArgumentException or NativeFree.Kernels.ShapeException or OverflowException)
        {
            throw Fault(file, $"describes a model of the zoo; {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Name of the model, or null where the file keeps the weights of some other network.</summary>
    public static string? ModelOf(ArrayFile file) => file.Find(Prefix + "model") is null ? null : Text(file, "model");

    /// <exception cref="WeightException">It is none that exists.</exception>
    public static Origin OriginOf(ArrayFile file) => OriginNames.Parse(Text(file, "origin")) ?? throw Fault(file, $"names an origin; got '{Text(file, "origin")}'");

    private static IReadOnlyList<string>? ClassNames(ArrayFile file) => file.Find(Prefix + "class_names") is { } entry ? file.ReadStrings(Checked(file, entry)) : null;

    private static IEnumerable<(string Name, bool Value)> Switches(ModelOptions options) =>
    [
        ("top", options.Top), ("same_padding", options.SamePadding), ("up_sample", options.UpSample), ("downsample_fb", options.DownsampleFacebook), ("valid_stem", options.ValidStem),
    ];

    private static NamedArray Number(string name, long value) => NamedArray.Of<long>(Prefix + name, [], new[] { value });

    private static NamedArray Text(string name, string value) => NamedArray.Texts(Prefix + name, [], [value]);

    /// <summary>A number that fits an int; 0 stands for none.</summary>
    private static int? Optional(ArrayFile file, string name) => (int)Math.Clamp(Number(file, name), 0, int.MaxValue) is > 0 and var value ? value : null;

    private static long Number(ArrayFile file, string name) => Numbers(file, name) is [var value] ? value : throw Fault(file, $"has one '{Prefix}{name}'");

    private static long[] Numbers(ArrayFile file, string name)
    {
        ArrayEntry entry = Entry(file, name);
        long[] values = new long[entry.Count];
        file.ReadInt64s(entry, values);
        return values;
    }

    private static double Fraction(ArrayFile file, string name)
    {
        ArrayEntry entry = Entry(file, name);
        double[] values = new double[entry.Count];
        file.ReadDoubles(entry, values);
        return values is [var value] ? value : throw Fault(file, $"has one '{Prefix}{name}'");
    }

    private static string Text(ArrayFile file, string name) => file.ReadStrings(Entry(file, name)) is [var text] ? text : throw Fault(file, $"has one '{Prefix}{name}'");

    private static ArrayEntry Entry(ArrayFile file, string name) => Checked(file, file.Find(Prefix + name) ?? throw Fault(file, $"has '{Prefix}{name}'; it is missing"));

    private static ArrayEntry Checked(ArrayFile file, ArrayEntry entry) => entry.Bytes <= MostBytes ? entry : throw Fault(file, $"has at most {MostBytes} bytes in '{entry.Name}'; it claims {entry.Bytes}");

    private static WeightException Fault(ArrayFile file, string rule) => new(file.Path, $"a checkpoint {rule}; the file was changed, or is of a newer version");
}
