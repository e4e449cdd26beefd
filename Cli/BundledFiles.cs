namespace NativeFree.Cli;

/// <summary>The files that come with the program: synthetic weights, photos and the original frameworks' numbers.</summary>
internal static class BundledFiles
{
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([AppContext.BaseDirectory, "Demo", .. parts]);
}
