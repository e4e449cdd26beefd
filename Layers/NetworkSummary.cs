using System.Globalization;
using System.Text;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>One line of a summary: a named value and everything computed since the named value before it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">Shape of the value, channels last.</param>
/// <param name="Parameters">Numbers held by the layers behind it.</param>
/// <param name="Flops">Their multiplications and additions (matrix products and convolutions).</param>
/// <param name="Milliseconds">Their time in one run, or null where none was measured.</param>
public sealed record SummaryRow(string Name, Shape Shape, ParameterCount Parameters, long Flops, double? Milliseconds = null);

/// <summary>A network's named values with their shapes, parameters and FLOPs for one input shape. <see cref="ToString"/> makes a text table of it.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Input">Shape of the input, channels last.</param>
/// <param name="Rows">One row per name, in network order.</param>
public sealed record NetworkSummary(string Network, Shape Input, IReadOnlyList<SummaryRow> Rows)
{
    /// <summary>Sums of the rows.</summary>
    public ParameterCount Parameters => Rows.Aggregate(default(ParameterCount), (sum, row) => sum + row.Parameters);

    /// <summary>Multiplications and additions of all rows.</summary>
    public long Flops => Rows.Sum(row => row.Flops);

    /// <summary>Fewer rows: each of the names takes up the rows before it that are not named. Rows after the last name are lost.</summary>
    public NetworkSummary FoldedTo(IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var rows = new List<SummaryRow>();
        SummaryRow? open = null;
        foreach (SummaryRow row in Rows)
        {
            open = open is null ? row : row with
            {
                Parameters = open.Parameters + row.Parameters,
                Flops = open.Flops + row.Flops,
                Milliseconds = open.Milliseconds + row.Milliseconds,
            };
            if (names.Contains(row.Name))
            {
                rows.Add(open);
                open = null;
            }
        }
        return this with { Rows = rows };
    }

    /// <summary>The table, one line a row, and the totals.</summary>
    public override string ToString()
    {
        int wide = Math.Max(5, Rows.Max(row => row.Name.Length));
        int shape = Math.Max(20, Rows.Max(row => row.Shape.ToString().Length));
        bool timed = Rows.Any(row => row.Milliseconds is not null);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Network}, input {Input}\n{"layer".PadRight(wide)}  {"output (N, H, W, C)".PadRight(shape)}  {"parameters",13}  {"MFLOP",10}");
        text.Append(timed ? "          ms\n" : "\n");
        foreach (SummaryRow row in Rows)
        {
            long numbers = row.Parameters.Trainable + row.Parameters.Frozen + row.Parameters.Statistics;
            text.Append(CultureInfo.InvariantCulture, $"{row.Name.PadRight(wide)}  {row.Shape.ToString().PadRight(shape)}  {numbers,13:N0}  {row.Flops / 1e6,10:N1}");
            text.Append(row.Milliseconds is { } ms ? string.Create(CultureInfo.InvariantCulture, $"  {ms,10:N3}\n") : "\n");
        }
        ParameterCount all = Parameters;
        text.Append(CultureInfo.InvariantCulture, $"parameters: {all.Trainable + all.Frozen:N0}, of them {all.Trainable:N0} trainable, {all.Frozen:N0} frozen; running statistics: {all.Statistics:N0}\n");
        text.Append(CultureInfo.InvariantCulture, $"GFLOP: {Flops / 1e9:N2} (multiplications and additions of convolutions and matrix products)");
        return text.ToString();
    }
}
