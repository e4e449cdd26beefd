using System.Globalization;
using System.Net;
using System.Text;

namespace NativeFree.Training;

/// <summary>The HTML of a report. Nothing is loaded: the page's own policy forbids it.</summary>
internal sealed class ReportPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:1080px;margin:2em auto;padding:0 1em}
        h1{font-size:1.6em;margin-bottom:.2em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #d8dee4}
        table{border-collapse:collapse;margin:.8em 0}th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #e6eaef}th:first-child,td:first-child{text-align:left}
        th{font-weight:600;vertical-align:bottom}.facts td{text-align:left}
        .charts{display:flex;flex-wrap:wrap;gap:12px}.charts svg{width:460px;max-width:100%;border:1px solid #e6eaef;border-radius:6px}
        svg text{font:12px system-ui,sans-serif;fill:#57606a}svg .title{font-weight:600;font-size:14px;fill:#1b1f24}.grid{stroke:#e6eaef}.point{fill:transparent}
        .key{margin:.4em 1.2em .4em 0;display:inline-block}.key i{display:inline-block;width:22px;height:0;vertical-align:middle;margin-right:6px;border-top:3px solid}.key i.thin{border-top:1px dashed}
        .key b{display:inline-block;width:13px;height:13px;margin-right:6px;vertical-align:-2px}
        .matrix td,.matrix th{text-align:center;padding:.2em .5em;border:1px solid #e6eaef}.ratio{white-space:nowrap}.track{display:inline-block;margin-right:6px;text-align:left}.bar{height:9px;display:inline-block}
        .option{white-space:nowrap}
        .pictures img{width:180px;max-width:22vw;image-rendering:pixelated;display:block}.pictures td{text-align:left;vertical-align:top;border:0;padding:4px 12px 4px 4px;width:180px}.pictures th{text-align:left;padding:4px;border:0}
        .right{color:#0072b2}.wrong{color:#d55e00}
        details{margin:.6em 0}summary{cursor:pointer;font-weight:600}
        .note{color:#57606a;font-size:.9em}
        """;

    private readonly TrainingReport report;
    private readonly string[] groups;
    private readonly StringBuilder page = new();

    public ReportPage(TrainingReport report)
    {
        this.report = report;
        groups = [.. report.Runs.Select(run => run.Group).Distinct()];
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"/>");
        page.Append(CultureInfo.InvariantCulture, $"<meta name=\"viewport\" content=\"width=device-width\"/><title>{Escape(report.Title)}</title><style>{Style}</style></head><body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Escape(report.Title)}</h1>\n");
        foreach (string paragraph in report.Paragraphs)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Escape(paragraph)}</p>\n");
        Charts();
        Results();
        Ratios();
        foreach (ReportGrid grid in report.Grids)
            Grid(grid);
        Confusions();
        Facts("Settings", report.Configuration);
        Facts("Machine", report.Machine);
        page.Append("</body></html>\n");
    }

    public override string ToString() => page.ToString();

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    internal static string Number(double value) => double.IsFinite(value) ? value.ToString(Math.Abs(value) >= 100 ? "0" : "0.0000", CultureInfo.InvariantCulture) : "–";

    internal static string Percent(double value) => double.IsFinite(value) ? value.ToString("0.0 %", CultureInfo.InvariantCulture) : "–";

    private void Charts()
    {
        string[] measures = [.. report.Runs.SelectMany(run => run.Curves).Select(curve => curve.Measure).Distinct()];
        if (measures.Length == 0)
            return;
        page.Append("<h2>Curves</h2>\n<p>");
        ReportRun[] drawn = [.. report.Runs.Where(run => run.Curves.Count > 0)];
        foreach (string group in drawn.Select(run => run.Group).Distinct())
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\"><i style=\"color:{Color(group)}\"></i>{Escape(group)}</span>");
        page.Append("<br/>");
        Key("<i></i>on validation data", drawn.Any(run => run.Curves.Any(curve => !curve.OnTraining)));
        Key("<i class=\"thin\"></i>on training data", drawn.Any(run => run.Curves.Any(curve => curve.OnTraining)));
        Key("○ weights kept", drawn.Any(run => run.KeptEpoch is not null));
        page.Append("</p>\n<div class=\"charts\">");
        foreach (string measure in measures)
        {
            page.Append(SvgChart.Draw(measure, [.. report.Runs.SelectMany(run => run.Curves.Where(curve => curve.Measure == measure).OrderByDescending(curve => curve.OnTraining).Select(curve =>
                new ChartLine($"{run.Name}{(curve.OnTraining ? ", training" : "")}", Color(run.Group), curve.OnTraining, curve.Values, curve.OnTraining && run.Curves.Any(other => other.Measure == measure && !other.OnTraining) ? null : run.KeptEpoch)))]));
        }
        page.Append("</div>\n");

        void Key(string sign, bool occurs)
        {
            if (occurs)
                page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\">{sign}</span>");
        }
    }

    private void Results()
    {
        if (report.Runs.Count == 0)
            return;
        string[] headings = [.. report.Runs.SelectMany(run => run.Results).Select(result => result.Heading).Distinct()];
        page.Append("<h2>Runs</h2>\n<table><tr><th>run</th><th>epochs</th><th>minutes</th><th>seconds an epoch</th><th>kept epoch</th>");
        foreach (string heading in headings)
            page.Append(CultureInfo.InvariantCulture, $"<th>{Escape(heading)}</th>");
        page.Append("<th style=\"text-align:left\">end</th></tr>\n");
        foreach (ReportRun run in report.Runs)
        {
            int epochs = Math.Max(run.Seconds.Count, run.Curves.Select(curve => curve.Values.Count).DefaultIfEmpty(0).Max());
            string minutes = run.Seconds.Count == 0 ? "–" : (run.Seconds.Sum() / 60).ToString("0.00", CultureInfo.InvariantCulture);
            string each = run.Seconds.Count == 0 ? "–" : run.Seconds.Order().ElementAt(run.Seconds.Count / 2).ToString("0.00", CultureInfo.InvariantCulture);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td style=\"border-left:4px solid {Color(run.Group)}\">{Escape(run.Name)}</td><td>{epochs}</td><td>{minutes}</td><td>{each}</td><td>{(run.KeptEpoch ?? epochs - 1) + 1}</td>");
            foreach (string heading in headings)
                page.Append(CultureInfo.InvariantCulture, $"<td>{Percent(run.Results.Where(result => result.Heading == heading).Select(result => result.Value).DefaultIfEmpty(double.NaN).First())}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:left\">{Escape(run.StopReason ?? "all epochs were done")}</td></tr>\n");
        }
        page.Append("</table>\n<p class=\"note\">Seconds an epoch: the median, validation included.</p>\n");
    }

    private void Ratios()
    {
        ReportRun[] runs = [.. report.Runs.Where(run => run.Confusion is not null)];
        if (!report.OfPixels || runs.Length == 0)
            return;
        int track = runs.Length > 4 ? 30 : 70; // eight runs fit the page
        page.Append("<h2>Intersection over union</h2>\n<table><tr><th>class</th>");
        foreach (ReportRun run in runs)
            page.Append(CultureInfo.InvariantCulture, $"<th>{Escape(run.Name)}</th>");
        page.Append("</tr>\n");
        for (int c = 0; c < report.Classes.Count; c++)
            Row(report.Classes[c], run => run.Confusion!.IoU(c));
        Row("mean", run => run.Confusion!.MeanIoU);
        page.Append("</table>\n");

        void Row(string name, Func<ReportRun, double?> ratio)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(name)}</td>");
            foreach (ReportRun run in runs)
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"ratio\"><span class=\"track\" style=\"width:{track}px\"><span class=\"bar\" style=\"width:{100 * (ratio(run) ?? 0):0.#}%;background:{Color(run.Group)}\"></span></span>{Percent(ratio(run) ?? double.NaN)}</td>");
            page.Append("</tr>\n");
        }
    }

    private void Confusions()
    {
        ReportRun[] runs = [.. report.Runs.Where(run => run.Confusion is not null)];
        if (runs.Length == 0)
            return;
        page.Append("<h2>What was taken for what</h2>\n");
        foreach (ReportRun run in runs)
            ConfusionTable.Write(page, run.Name, run.Confusion!, report.Classes, open: runs.Length <= 2);
    }

    private void Grid(ReportGrid grid)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Escape(grid.Title)}</h2>\n");
        if (report.OfPixels)
        {
            page.Append("<p>");
            for (int c = 0; c < report.Classes.Count; c++)
                page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\"><b style=\"background:{Css(ClassColors.Of(c))}\"></b>{Escape(report.Classes[c])}</span>");
            page.Append("</p>\n");
        }
        page.Append("<table class=\"pictures\">");
        if (grid.Columns.Any(column => column.Length > 0))
            page.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(grid.Columns.Select(column => $"<th>{Escape(column)}</th>"))}</tr>\n");
        foreach (ReportRow row in grid.Rows)
        {
            page.Append("<tr>");
            for (int i = 0; i < row.Pictures.Count; i++)
            {
                ReportPicture picture = row.Pictures[i];
                string name = picture.Name ?? row.Name;
                page.Append(CultureInfo.InvariantCulture, $"<td><img alt=\"{Escape(grid.Columns[i].Length == 0 ? name : $"{name}, {grid.Columns[i]}")}\" title=\"{Escape(name)}\" src=\"{PngUri.Of(picture.Image)}\"/>");
                string mark = picture.Right switch { true => "<b class=\"right\">✓</b> ", false => "<b class=\"wrong\">✗</b> ", null => "" };
                page.Append(CultureInfo.InvariantCulture, $"<span class=\"note\">{mark}{Escape(picture.Caption ?? "")}</span></td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</table>\n");
    }

    private void Facts(string title, IList<(string Name, string Value)> facts)
    {
        if (facts.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<table class=\"facts\">");
        foreach ((string name, string value) in facts)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(name)}</td><td>{Words(value)}</td></tr>");
        page.Append("</table>\n");
    }

    /// <summary>A text in which a line never ends within a command's option, behind its dashes.</summary>
    private static string Words(string text) =>
        string.Join(' ', text.Split(' ').Select(word => word.StartsWith("--", StringComparison.Ordinal) ? $"<span class=\"option\">{Escape(word)}</span>" : Escape(word)));

    private string Color(string group) => Css(ClassColors.Of(Array.IndexOf(groups, group) switch { 0 => 1, 1 => 0, 2 => 3, 3 => 4, var i => i + 2 }));

    private static string Css((byte R, byte G, byte B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
