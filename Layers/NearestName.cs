namespace NativeFree.Layers;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>The name with the fewest insertions, deletions and substitutions (Levenshtein, 1966), upper and lower case counted as equal; the first of several, null for an empty list.</summary>
    public static string? Of(string typed, IEnumerable<string> names) => names.MinBy(name => Distance(typed.ToLowerInvariant(), name.ToLowerInvariant()));

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int k = 1; k <= b.Length; k++)
            {
                int substituted = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.Min(substituted, Math.Min(row[k], row[k - 1]) + 1);
            }
        }
        return row[^1];
    }
}
