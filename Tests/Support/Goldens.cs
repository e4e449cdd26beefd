namespace NativeFree.Tests;

/// <summary>
/// Where the reference files lie: the folder that NATIVEFREE_GOLDENS names, else the small committed set beside the test assembly.
/// </summary>
internal static class Goldens
{
    internal static string Folder { get; } =
        Environment.GetEnvironmentVariable("NATIVEFREE_GOLDENS") is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "Goldens");

    internal static string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>Paths below <see cref="Folder"/>, with forward slashes, sorted; empty when the sub-folder is missing.</summary>
    internal static IEnumerable<string> Files(string subfolder, string pattern = "*")
    {
        string folder = PathOf(subfolder);
        return !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal);
    }
}

/// <summary>A theory over golden files that shows up as skipped, with the reason, where its folder (or file) is missing.</summary>
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute(string needs)
    {
        if (!Path.Exists(Goldens.PathOf(needs)))
        {
            Skip = $"no {needs} under {Goldens.Folder}";
        }
    }
}

/// <summary>A fact about one golden file or folder, skipped with the reason where it is missing.</summary>
internal sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute(string needs)
    {
        if (!Path.Exists(Goldens.PathOf(needs)))
        {
            Skip = $"no {needs} under {Goldens.Folder}";
        }
    }
}
