using System.IO.Enumeration;

namespace NativeFree.Layers;

/// <summary>Which paths a pattern means: <c>*</c> any run of characters, slashes too, <c>?</c> any one; without either, the path itself and all below it.</summary>
internal static class PathPattern
{
    public static bool Matches(string pattern, string path) =>
        pattern.AsSpan().IndexOfAny('*', '?') >= 0
            ? FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false)
            : path == pattern || (path.StartsWith(pattern, StringComparison.Ordinal) && path[pattern.Length] == '/');
}
