namespace NativeFree.Benchmarks;

/// <summary>
/// The part of a text file between two marker lines, <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench:NAME --&gt;</c>. The command writes what stands between them; people write the rest.
/// </summary>
internal static class MarkedBlock
{
    /// <summary>Replaces the block.</summary>
    /// <exception cref="BenchmarkException">A marker is missing, or they stand in the wrong order.</exception>
    public static void Replace(string file, string name, string content)
    {
        string text = File.ReadAllText(file);
        string replaced = In(text, name, content, file);
        string temporary = file + ".new";
        File.WriteAllText(temporary, replaced);
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>The text with the block replaced.</summary>
    public static string In(string text, string name, string content, string file)
    {
        string open = $"<!-- bench:{name} -->", close = $"<!-- /bench:{name} -->";
        int start = text.IndexOf(open, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(close, start, StringComparison.Ordinal);
        if (end < 0)
            throw new BenchmarkException($"{file}: the table stands between the lines {open} and {close}; {(start < 0 ? "the first" : "the second")} is not there; add both where the table belongs.");
        return $"{text[..(start + open.Length)]}\n{content.TrimEnd('\n')}\n{text[end..]}";
    }
}
