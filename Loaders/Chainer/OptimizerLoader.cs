using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// What Chainer's optimizers keep, out of a trainer's snapshot: the number of updates of the whole and of each parameter, and the moments
/// (Adam's <c>m</c>, <c>v</c>, <c>vhat</c>; <c>v</c> of momentum). Rates and other numbers
/// of the rule are in no snapshot.
/// </summary>
public static class OptimizerLoader
{
    private const string ModelRoot = "updater/model:", OptimizerRoot = "updater/optimizer:";

    /// <summary>
    /// Puts the snapshot's state into an optimizer over a model's parameters, so that training goes on where Chainer stopped. Whole or not
    /// at all: every parameter of both gets its state; one that was never updated has none.
    /// Parameters of the optimizer that are not the model's stay as they are.
    /// </summary>
    /// <param name="optimizer">An optimizer of the snapshot's rule.</param>
    /// <param name="model">The model, whose weights <see cref="ModelLoader"/> took from the same file.</param>
    /// <param name="path">The snapshot, as <c>extensions.snapshot</c> writes it.</param>
    /// <param name="options">The prefix, renames and limits for reading; the defaults when null.</param>
    /// <returns>What went where.</returns>
    /// <exception cref="WeightException">The file is no snapshot, is of another model or rule, or lacks some of the state.</exception>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    public static LoadReport LoadState(this Optimizer optimizer, Model model, string path, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new LoadOptions();
        using ArrayFile file = ArrayFile.Open(path, options.Limits);
        string prefix = options.Prefix ?? (ChainerSource.Read(file, ArrayNames.AsTheyAre) is { } source ? source.Prefix : "");
        if (!prefix.StartsWith(ModelRoot, StringComparison.Ordinal))
            throw new WeightException(path, $"the state of an optimizer comes from a trainer's snapshot, with the model below " +
                $"{ModelRoot}main/; here it is below '{prefix}'; name the file that the snapshot extension wrote");
        string root = OptimizerRoot + prefix[ModelRoot.Length..];
        string whole = root[..(root.IndexOf('/', OptimizerRoot.Length) + 1)];

        var state = new State(file, optimizer, new ArrayNames(root, options.Renames));
        foreach ((WeightPlace place, Parameter parameter) in Pairs(model, optimizer))
            state.Compare(place, parameter);
        LoadReport report = state.Report(model);
        if (!report.IsComplete)
            throw new WeightException(path, $"every parameter has its state in the snapshot and all of that is of the optimizer's rule " +
                $"({string.Join(", ", optimizer.StateNames)}); for {report.Model} it gives {report}; use an optimizer of the rule that " +
                $"was saved", report);
        long steps = state.Count(file[whole + "t"]);
        state.Restore();
        optimizer.RestoreSteps(steps);
        return report;
    }

    private static IEnumerable<(WeightPlace, Parameter)> Pairs(Model model, Optimizer optimizer)
    {
        Dictionary<string, Parameter> byPath = model.NamedParameters()
            .ToDictionary(item => item.Path, item => item.Parameter, StringComparer.Ordinal);
        var own = optimizer.Parameters.ToHashSet();
        return WeightPlace.Of(model).Where(place => byPath.TryGetValue(place.Path, out Parameter? parameter) && own.Contains(parameter))
            .Select(place => (place, byPath[place.Path]));
    }

    private sealed class State(ArrayFile file, Optimizer optimizer, ArrayNames names)
    {
        private readonly ILookup<string, (string Name, ArrayEntry Entry)> byParameter = file.Arrays
            .Select(entry => (Name: names.Of(entry.Name), Entry: entry)).Where(item => item.Name?.Contains('/') == true)
            .ToLookup(item => item.Name![..item.Name!.LastIndexOf('/')], item =>
                (item.Name![(item.Name!.LastIndexOf('/') + 1)..], item.Entry), StringComparer.Ordinal);

        private readonly List<(WeightPlace Place, Parameter Parameter, ArrayEntry Steps, ArrayEntry[] Moments)> found = [];
        private readonly List<LoadedArray> loaded = [];
        private readonly List<string> missing = [], unused = [];
        private readonly List<MisfitArray> misfits = [];

        public void Compare(WeightPlace place, Parameter parameter)
        {
            var stored = new Dictionary<string, ArrayEntry>(StringComparer.Ordinal);
            foreach ((string name, ArrayEntry entry) in byParameter[place.Path])
            {
                if (!stored.TryAdd(name, entry))
                    unused.Add(entry.Name); // renamed into the same place
            }
            if (!stored.Remove("t", out ArrayEntry? steps))
            {
                missing.Add(place.Path + "/t");
                return;
            }
            loaded.Add(new LoadedArray(steps.Name, place.Path + "/t"));
            var moments = new List<ArrayEntry>();
            bool untouched = stored.Count == 0 && Count(steps) == 0;
            foreach (string name in untouched ? [] : optimizer.StateNames)
            {
                string path = $"{place.Path}/{name}";
                long[] shape = ChainerLayout.Of(place).Shape;
                if (!stored.Remove(name, out ArrayEntry? moment))
                    missing.Add(path);
                else if (!moment.Shape.SequenceEqual(shape) || moment.Type.Kind != ElementKind.Float)
                    misfits.Add(new MisfitArray(moment.Name, path, $"{moment.Dtype} [{string.Join(", ", moment.Shape)}]",
                        $"[{string.Join(", ", shape)}]"));
                else
                    moments.Add(moment);
            }
            unused.AddRange(stored.Values.Select(entry => entry.Name));
            loaded.AddRange(moments.Select(moment =>
                new LoadedArray(moment.Name, $"{place.Path}{moment.Name[moment.Name.LastIndexOf('/')..]}")));
            found.Add((place, parameter, steps, [.. moments]));
        }

        /// <summary>Everything is read before anything is handed over.</summary>
        public void Restore()
        {
            List<(WeightPlace Place, Parameter Parameter, long Steps, float[][] Moments)> read =
                [.. found.Select(item =>
                    (item.Place, item.Parameter, Count(item.Steps), item.Moments.Select(moment => Values(item.Place, moment)).ToArray()))];
            foreach ((WeightPlace place, Parameter parameter, long steps, float[][] moments) in read)
            {
                _ = place.Read!(); // a parameter without a value has no shape to keep a state for
                optimizer.Restore(parameter, steps, moments);
            }
        }

        public long Count(ArrayEntry entry)
        {
            if (entry.Count != 1)
                throw new FileFormatException(file.Path, $"'{entry.Name}': a number of updates must be one number; is {entry.Dtype} " +
                    $"[{string.Join(", ", entry.Shape)}]");
            Span<long> value = stackalloc long[1];
            file.ReadInt64s(entry, value);
            return value[0] >= 0 ? value[0]
                : throw new FileFormatException(file.Path, $"'{entry.Name}': a number of updates must be 0 or more; is {value[0]}");
        }

        public LoadReport Report(Model model) => new()
        {
            File = file.Path, Model = model.ToString(), Loaded = loaded, Missing = missing, Unused = unused, Misfits = misfits,
                TrainingState = [],
        };

        private float[] Values(WeightPlace place, ArrayEntry moment)
        {
            Tensor tensor = ChainerLayout.Of(place).Change.Read(file, moment, CpuDevice.Default, place.Shape!.Value);
            float[] values = tensor.ToArray();
            tensor.Release();
            return values;
        }
    }
}
