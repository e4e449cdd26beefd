using NativeFree.Kernels;

namespace NativeFree.Training;

/// <summary>Pictures in rows and columns: a photo, what it shows, what each run says.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Columns">What each column holds.</param>
/// <param name="Rows">The rows; each has a picture for every column.</param>
public sealed record ReportGrid(string Title, IReadOnlyList<string> Columns, IReadOnlyList<ReportRow> Rows);

/// <summary>One row of a <see cref="ReportGrid"/>.</summary>
/// <param name="Name">What the photo is called.</param>
/// <param name="Pictures">One for each column.</param>
public sealed record ReportRow(string Name, IReadOnlyList<ReportPicture> Pictures);

/// <summary>One picture of a <see cref="ReportGrid"/>.</summary>
/// <param name="Image">It goes into the page as a PNG.</param>
/// <param name="Caption">A line below it, or null.</param>
public sealed record ReportPicture(Image Image, string? Caption = null)
{
    /// <summary>What the picture itself is called, where a row shows several; the row's name unless set.</summary>
    public string? Name { get; init; }

    /// <summary>Whether an answer below it is right, shown as a mark before the caption; null where there is none.</summary>
    public bool? Right { get; init; }
}
