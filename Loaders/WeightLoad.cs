using System.Runtime.ExceptionServices;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>One file into one model: first everything is compared, then everything is read, then everything is handed over. What goes wrong before the end leaves the model as it was.</summary>
internal sealed class WeightLoad
{
    private readonly ArrayFile file;
    private readonly Model model;
    private readonly List<WeightMatch> fits = [];

    public WeightLoad(WeightSource source, Model model)
    {
        file = source.File;
        this.model = model;
        Report = Compare(source);
    }

    public LoadReport Report { get; }

    /// <param name="partial">Whether what fits is loaded although other things do not.</param>
    /// <exception cref="WeightException">The report is not complete, or nothing fits where a part would do, or a second copy of an array differs from the first.</exception>
    /// <exception cref="FileFormatException">An array cannot be read.</exception>
    public void Run(bool partial = false)
    {
        if (partial && fits.Count == 0)
            throw new WeightException(file.Path, $"of a part at least one array fits; for {Report.Model} it gives {Report}; name a prefix or renames, or the right model", Report);
        if (!partial && !Report.IsComplete)
            throw new WeightException(file.Path, $"every weight has its place in the model and every place its weight; for {Report.Model} it gives {Report}; use the file of that very model", Report);
        Tensor?[] tensors = new Tensor?[fits.Count];
        long[] counts = new long[fits.Count];
        try
        {
            ReadAll(tensors, counts);
            CheckCopies(tensors);
        }
        catch
        {
            foreach (Tensor? tensor in tensors)
                tensor?.Release();
            throw;
        }
        for (int i = 0; i < fits.Count; i++)
        {
            if (fits[i].IsCopy)
                tensors[i]!.Release();
            else if (tensors[i] is { } tensor)
                fits[i].Place!.Fill!(tensor);
            else
                fits[i].Place!.Count!(counts[i]);
        }
    }

    /// <summary>The biggest arrays first, on all cores, so that none of them is left for the end.</summary>
    private void ReadAll(Tensor?[] tensors, long[] counts)
    {
        int[] order = [.. Enumerable.Range(0, fits.Count).OrderByDescending(i => fits[i].Entry.Bytes)];
        Device device = model.Device;
        try
        {
            int next = -1;
            Parallel.For(0, Math.Min(Environment.ProcessorCount, order.Length), (_, loop) =>
            {
                for (int at = Interlocked.Increment(ref next); at < order.Length && !loop.IsExceptional; at = Interlocked.Increment(ref next))
                    Read(order[at]);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        void Read(int i)
        {
            WeightMatch fit = fits[i];
            if (fit.Place!.Shape is { } shape)
            {
                tensors[i] = fit.Change.Read(file, fit.Entry, device, shape);
                return;
            }
            Span<long> n = stackalloc long[1];
            file.ReadInt64s(fit.Entry, n);
            counts[i] = n[0];
        }
    }

    private void CheckCopies(Tensor?[] tensors)
    {
        for (int i = 0; i < fits.Count; i++)
        {
            if (!fits[i].IsCopy)
                continue;
            int first = fits.FindIndex(fit => fit.Place == fits[i].Place);
            if (!tensors[i]!.ToArray().AsSpan().SequenceEqual(tensors[first]!.ToArray()))
                throw new WeightException(file.Path, $"an array that is stored twice is the same twice; {fits[i].Entry.Name} differs from {fits[first].Entry.Name}; the file was changed after it was saved");
        }
    }

    private LoadReport Compare(WeightSource source)
    {
        IReadOnlyList<WeightPlace> places = WeightPlace.Of(model);
        var missing = places.Select(place => place.Path).ToHashSet(StringComparer.Ordinal);
        var loaded = new List<LoadedArray>();
        var unused = new List<string>();
        var misfits = new List<MisfitArray>();
        foreach (WeightMatch match in source.Match(places))
        {
            if (match.Place is not { } place)
            {
                unused.Add(match.Entry.Name);
                continue;
            }
            if (match.Entry.IsNone)
                continue; // written before its first use: there is a name, but no value
            missing.Remove(place.Path);
            if (!match.Entry.Shape.SequenceEqual(match.FileShape) || !Suits(match.Entry, place))
            {
                misfits.Add(new MisfitArray(match.Entry.Name, place.Path, $"{match.Entry.Dtype} [{string.Join(", ", match.Entry.Shape)}]", $"[{string.Join(", ", match.FileShape)}]"));
                continue;
            }
            loaded.Add(new LoadedArray(match.Entry.Name, place.Path));
            fits.Add(match);
        }
        return new LoadReport
        {
            File = file.Path,
            Model = model.ToString(),
            Loaded = loaded,
            Missing = [.. places.Select(place => place.Path).Where(missing.Contains)],
            Unused = unused,
            Misfits = misfits,
            TrainingState = source.TrainingState,
        };
    }

    /// <summary>Weights are floating-point of any width, N is an integer; nothing is converted between the two.</summary>
    private static bool Suits(ArrayEntry entry, WeightPlace place) =>
        place.Shape is null ? entry.Type.IsInteger : entry.Type.Kind is ElementKind.Float or ElementKind.BFloat;
}
