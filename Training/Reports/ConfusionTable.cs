using System.Globalization;
using System.Text;
using NativeFree.Autograd;

namespace NativeFree.Training;

/// <summary>A confusion matrix in HTML: rows true classes, columns what they were taken for, each cell its part of the row, whose number stands at the end. Of more than forty classes only the commonest mistakes. The reader opens and closes it.</summary>
internal static class ConfusionTable
{
    private const int LargestMatrix = 40, Mistakes = 30;

    public static void Write(StringBuilder page, string run, ConfusionMatrix matrix, IReadOnlyList<string> classes, bool open)
    {
        page.Append(CultureInfo.InvariantCulture, $"<details{(open ? " open=\"open\"" : "")}><summary>{ReportPage.Escape(run)}</summary>\n");
        if (classes.Count <= LargestMatrix)
            Matrix(page, matrix, classes);
        else
            WriteMistakes(page, matrix, classes);
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{matrix.Total} answers, {ReportPage.Percent(matrix.Accuracy)} of them right.</p></details>\n");
    }

    private static void Matrix(StringBuilder page, ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        page.Append("<table class=\"matrix\"><tr><th>true ↓ said →</th>");
        foreach (string name in classes)
            page.Append(CultureInfo.InvariantCulture, $"<th>{ReportPage.Escape(name)}</th>");
        page.Append("<th>of</th></tr>\n");
        for (int truth = 0; truth < classes.Count; truth++)
        {
            long total = 0;
            for (int said = 0; said < classes.Count; said++)
                total += matrix[truth, said];
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{ReportPage.Escape(classes[truth])}</th>");
            for (int said = 0; said < classes.Count; said++)
            {
                double part = total == 0 ? 0 : (double)matrix[truth, said] / total;
                string rgb = truth == said ? "0,114,178" : "213,94,0";
                page.Append(CultureInfo.InvariantCulture, $"<td style=\"background:rgba({rgb},{0.75 * part:0.00})\" title=\"{matrix[truth, said]}\">{(part == 0 ? "" : ReportPage.Percent(part))}</td>");
            }
            page.Append(CultureInfo.InvariantCulture, $"<td>{total}</td></tr>\n");
        }
        page.Append("</table>\n");
    }

    private static void WriteMistakes(StringBuilder page, ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        var mistakes = new List<(long Count, int Truth, int Said)>();
        for (int truth = 0; truth < classes.Count; truth++)
        {
            for (int said = 0; said < classes.Count; said++)
            {
                if (truth != said && matrix[truth, said] > 0)
                    mistakes.Add((matrix[truth, said], truth, said));
            }
        }
        page.Append("<table><tr><th>true</th><th>said</th><th>how often</th></tr>\n");
        foreach ((long count, int truth, int said) in mistakes.OrderByDescending(mistake => mistake.Count).ThenBy(mistake => mistake.Truth).ThenBy(mistake => mistake.Said).Take(Mistakes))
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{ReportPage.Escape(classes[truth])}</td><td>{ReportPage.Escape(classes[said])}</td><td>{count}</td></tr>\n");
        page.Append("</table>\n");
    }
}
