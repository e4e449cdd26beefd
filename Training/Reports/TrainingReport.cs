using System.Text;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>
/// What came out of one or several runs of training, as one HTML file that needs nothing else: no network, no script. Curves of all runs on common charts, a table of epochs, minutes and results, confusion matrices or intersections over
/// unions, grids of pictures, settings and machine. Equal contents give equal bytes.
/// </summary>
/// <param name="title">The heading.</param>
public sealed class TrainingReport(string title)
{
    /// <summary>The heading.</summary>
    public string Title { get; } = title;

    /// <summary>Paragraphs below the heading: what was tried and what came out.</summary>
    public IList<string> Paragraphs { get; } = [];

    /// <summary>The runs, in the order of the tables.</summary>
    public IList<ReportRun> Runs { get; } = [];

    /// <summary>Names of the classes, for confusion matrices.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether the classes are those of pixels: intersections over unions are shown too.</summary>
    public bool OfPixels { get; init; }

    /// <summary>Pictures.</summary>
    public IList<ReportGrid> Grids { get; } = [];

    /// <summary>Settings: name and value.</summary>
    public IList<(string Name, string Value)> Configuration { get; } = [];

    /// <summary>Machine: name and value; <see cref="Hardware"/> knows some.</summary>
    public IList<(string Name, string Value)> Machine { get; } = [];

    /// <summary>What the runs ran on: device, cores, system, runtime.</summary>
    public static IReadOnlyList<(string Name, string Value)> Hardware(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return
        [
            ("Device", device.Name),
            ("Logical processors", $"{Environment.ProcessorCount}"),
            ("System", $"{System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}"),
            ("Runtime", System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription),
        ];
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="ArgumentException">A row of a grid has not one picture a column, or a confusion matrix has not the classes named.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The file's text.</summary>
    /// <exception cref="ArgumentException">A row of a grid has not one picture a column, or a confusion matrix has not the classes named.</exception>
    public string ToHtml()
    {
        foreach (ReportGrid grid in Grids)
        {
            if (grid.Rows.FirstOrDefault(row => row.Pictures.Count != grid.Columns.Count) is { } row)
                throw new ArgumentException($"TrainingReport: a row has a picture for each of the {grid.Columns.Count} columns of '{grid.Title}'; '{row.Name}' has {row.Pictures.Count}.");
        }
        if (Runs.FirstOrDefault(run => run.Confusion is { } matrix && matrix.Classes != Classes.Count) is { } wrong)
            throw new ArgumentException($"TrainingReport: a confusion matrix has the {Classes.Count} classes named; that of '{wrong.Name}' has {wrong.Confusion!.Classes}.");
        return new ReportPage(this).ToString();
    }
}
