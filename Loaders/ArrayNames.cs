namespace NativeFree.Loaders;

/// <summary>What a file's names become before they are compared with a model's: first the prefix goes, then the first rule that fits is applied.</summary>
/// <param name="Prefix">Null looks for one (Chainer) or expects none (Keras).</param>
/// <param name="Renames">Rules in order, see <see cref="LoadOptions.Renames"/>.</param>
internal sealed record ArrayNames(string? Prefix, IReadOnlyList<(string From, string To)> Renames)
{
    public static ArrayNames AsTheyAre { get; } = new(null, []);

    /// <summary>The name without the prefix and renamed, or null where it does not begin with the prefix.</summary>
    public string? Of(string name)
    {
        if (Prefix is { } prefix)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                return null;
            name = name[prefix.Length..];
        }
        return Renamed(name);
    }

    /// <summary>The name after the first rule that fits.</summary>
    public string Renamed(string name)
    {
        foreach ((string from, string to) in Renames)
        {
            if (Apply(from, to, name) is { } renamed)
                return renamed;
        }
        return name;
    }

    private static string? Apply(string from, string to, string name)
    {
        int star = from.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return name == from ? to : name.StartsWith(from + "/", StringComparison.Ordinal) ? to + name[from.Length..] : null;
        ReadOnlySpan<char> head = from.AsSpan(0, star), tail = from.AsSpan(star + 1);
        return name.Length >= head.Length + tail.Length && name.AsSpan().StartsWith(head) && name.AsSpan().EndsWith(tail)
            ? to.Replace("*", name[star..(name.Length - tail.Length)], StringComparison.Ordinal)
            : null;
    }
}
