namespace NativeFree.Layers;

/// <summary>A value was asked for by a name that the network does not have. The message lists the names and the nearest one.</summary>
public sealed class UnknownLayerException : ArgumentException
{
    internal UnknownLayerException(string network, string name, IReadOnlyList<string> available)
        : base($"{network}: layers are asked for by their names; there is no '{name}'{Near(name, available)}; there are {string.Join(", ", available)}.")
    {
        Name = name;
    }

    /// <summary>The name asked for.</summary>
    public string Name { get; }

    private static string Near(string name, IReadOnlyList<string> available) => NearestName.Of(name, available) is { } near ? $", perhaps '{near}'" : "";
}
