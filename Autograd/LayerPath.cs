namespace NativeFree.Autograd;

/// <summary>The path of the layer that runs on this thread, so that a record of the tape, and an error, can name it.</summary>
public static class LayerPath
{
    [ThreadStatic]
    private static string? current;

    /// <summary>The path, such as <c>res2/a/conv1</c>; empty outside all layers.</summary>
    public static string Current => current ?? "";

    /// <summary>Enters a layer until the result is disposed. Free of cost where no tape records.</summary>
    /// <param name="name">The layer's name within the one around it.</param>
    public static Step Enter(string name)
    {
        if (Tape.Current is null)
            return default;
        string before = Current;
        current = before.Length == 0 ? name : before + "/" + name;
        return new Step(before);
    }

    /// <summary>One layer entered.</summary>
    public readonly struct Step : IDisposable
    {
        private readonly string? before;

        internal Step(string before) => this.before = before;

        /// <summary>Leaves the layer.</summary>
        public void Dispose()
        {
            if (before is not null)
                current = before;
        }
    }
}
