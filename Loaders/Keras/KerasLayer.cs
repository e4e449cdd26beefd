namespace NativeFree.Loaders;

/// <summary>The arrays of one Keras layer in a file.</summary>
/// <param name="Group">The layer or block it stands in; empty at the top.</param>
/// <param name="Names">Names the layer may have in the model, the likeliest first; empty where the file keeps none.</param>
/// <param name="Class">Its class as Keras counts them, <c>conv2d</c>, where that is known.</param>
/// <param name="Number">Its number among the layers of that class.</param>
/// <param name="Arrays">The arrays in Keras's order, with the role that their name tells, or null where only the order does.</param>
internal sealed record KerasLayer(string Group, IReadOnlyList<string> Names, string Class, int Number, IReadOnlyList<(string? Role, ArrayEntry Entry)> Arrays)
{
    /// <summary>Splits <c>conv2d_12</c> into class and number; a name without number is number 0.</summary>
    public static (string Class, int Number) Split(string name)
    {
        int at = name.LastIndexOf('_');
        return at > 0 && int.TryParse(name.AsSpan(at + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? (name[..at], number) : (name, 0);
    }

    /// <summary>
    /// What a weight's name says it is: <c>kernel:0</c>, <c>block1_conv1_W_1:0</c> and so on, through all generations; null for a name without meaning, <c>param_0</c>. Keras 1 calls the variance running_std.
    /// </summary>
    public static string? Role(string weight)
    {
        string name = weight[(weight.LastIndexOf('/') + 1)..];
        int colon = name.LastIndexOf(':');
        if (colon >= 0)
            name = name[..colon];
        return Of(name) ?? Of(Split(name).Class);

        static string? Of(string name)
        {
            foreach ((string ending, string role) in Endings)
            {
                if (name == ending || name.EndsWith("_" + ending, StringComparison.Ordinal))
                    return role;
            }
            return null;
        }
    }

    private static readonly (string Ending, string Role)[] Endings =
    [
        ("kernel", "W"), ("W", "W"), ("bias", "b"), ("b", "b"), ("gamma", "gamma"), ("beta", "beta"),
        ("moving_mean", "avg_mean"), ("running_mean", "avg_mean"), ("moving_variance", "avg_var"), ("running_std", "avg_var"), ("running_var", "avg_var"),
    ];
}
