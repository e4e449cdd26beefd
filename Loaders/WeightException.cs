namespace NativeFree.Loaders;

/// <summary>
/// A weight file that can be read but does not fit: it is of no model of the zoo, of another model than asked for, or not whole. The message reads <c>file: rule; what arrived; remedy</c>, on one line.
/// </summary>
public sealed class WeightException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public WeightException(string file, string message, LoadReport? report = null) : base($"{file}: {message}")
    {
        File = file;
        Report = report;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What was found and what was not, where the file was compared with a model; else null.</summary>
    public LoadReport? Report { get; }
}
