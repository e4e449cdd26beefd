using System.Reflection;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>Operator case files: npz, read whole. Without any named, those that come with the program.</summary>
internal static class CaseFiles
{
    private const string Bundled = "Cases/";

    /// <summary>Files as they are, folders as the npz files below them by name.</summary>
    /// <exception cref="InputException">A path does not exist, or a folder holds no case.</exception>
    public static List<string> Expand(IReadOnlyList<string> paths, Action<Exception> refuse)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }
            string[] found = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.npz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
            if (found.Length == 0)
                refuse(new InputException($"{path}: verify takes npz files and folders of them; there is none at that path"));
            files.AddRange(found);
        }
        return files;
    }

    /// <summary>Names of the cases in the program, such as <c>ops/relu__01.npz</c>.</summary>
    public static IEnumerable<string> BundledNames() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Bundled, StringComparison.Ordinal)).Select(name => name[Bundled.Length..].Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>Runs a case file.</summary>
    /// <exception cref="FileFormatException">It is no file of arrays, or a damaged one.</exception>
    public static CaseResult Run(Device device, string path)
    {
        using ArrayFile file = ArrayFile.Open(path);
        return Run(device, file);
    }

    /// <summary>Runs a case that comes with the program.</summary>
    public static CaseResult RunBundled(Device device, string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Bundled + name)!;
        byte[] contents = new byte[stream.Length];
        stream.ReadExactly(contents);
        using ArrayFile file = ArrayFile.Open(contents, name);
        return Run(device, file);
    }

    private static CaseResult Run(Device device, ArrayFile file)
    {
        ArrayEntry text = file.Find("case") ?? throw new FileFormatException(file.Path, "an operator case has its description in an array called 'case'; there is none");
        string[] json = file.ReadStrings(text);
        if (json.Length != 1)
            throw new FileFormatException(file.Path, $"'case' is one text; it has {json.Length} elements");
        var arrays = new Dictionary<string, CaseArray>(StringComparer.Ordinal);
        foreach (ArrayEntry entry in file.Arrays)
        {
            if (entry.Name != "case")
                arrays.Add(entry.Name, Read(file, entry));
        }
        return CaseRunner.Run(device, json[0], arrays);
    }

    private static CaseArray Read(ArrayFile file, ArrayEntry entry)
    {
        if (entry.Dtype is not ("<f4" or ">f4" or "<i4" or ">i4") || entry.Refusal is not null)
            throw new FileFormatException(file.Path, $"arrays of a case are float32, labels int32; {entry.Name} is {entry.Dtype}{(entry.Refusal is null ? "" : ": " + entry.Refusal)}");
        if (entry.Shape.Count > Shape.MaxRank || entry.Count > Array.MaxLength)
            throw new FileFormatException(file.Path, $"arrays of a case have at most {Shape.MaxRank} axes and {Array.MaxLength} elements; {entry.Name} is ({string.Join(", ", entry.Shape)})");
        var shape = new Shape([.. entry.Shape.Select(extent => checked((int)extent))]);
        if (entry.Dtype[1] == 'i')
        {
            long[] labels = new long[entry.Count];
            file.ReadInt64s(entry, labels);
            return new CaseArray(shape, [.. labels.Select(label => (int)label)]);
        }
        float[] values = new float[entry.Count];
        file.ReadFloats(entry, values);
        return new CaseArray(shape, values);
    }
}
