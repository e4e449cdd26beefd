using System.Globalization;
using System.Net;
using System.Text;

namespace NativeFree.Training;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What its points say when pointed at.</param>
/// <param name="Color">As CSS writes it.</param>
/// <param name="Thin">Whether drawn thin and dashed.</param>
/// <param name="Values">One value an epoch; the line is broken where one is not finite.</param>
/// <param name="Marked">The epoch with a ring around its point, or null.</param>
internal sealed record ChartLine(string Name, string Color, bool Thin, IReadOnlyList<double> Values, int? Marked);

/// <summary>Lines over epochs 1, 2, 3 … as an SVG element, with axes, a grid, and a text for every point.</summary>
internal static class SvgChart
{
    private const int Width = 460, Height = 280, Left = 52, Right = 12, Top = 30, Bottom = 34;

    public static string Draw(string title, IReadOnlyList<ChartLine> lines)
    {
        double[] finite = [.. lines.SelectMany(line => line.Values).Where(double.IsFinite)];
        int epochs = lines.Max(line => line.Values.Count);
        var y = finite.Length == 0 ? new ChartAxis(0, 1) : new ChartAxis(finite.Min(), finite.Max());
        var x = new ChartAxis(1, Math.Max(epochs, 2), whole: true);
        double PlaceX(double epoch) => Left + ((epoch - 1) / (Math.Max(epochs, 2) - 1) * (Width - Left - Right));
        double PlaceY(double value) => Top + ((y.High - value) / (y.High - y.Low) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)} over epochs\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"18\">{WebUtility.HtmlEncode(title)}</text>");
        foreach ((double value, string text) in y.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" y1=\"{PlaceY(value):0.#}\" x2=\"{Width - Right}\" y2=\"{PlaceY(value):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{PlaceY(value) + 4:0.#}\">{text}</text>");
        }
        foreach ((double value, string text) in x.Ticks().Where(tick => tick.Value >= 1 && tick.Value <= epochs))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" text-anchor=\"middle\" x=\"{PlaceX(value):0.#}\" y=\"{Height - Bottom + 16}\">{text}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" text-anchor=\"middle\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 4}\">epoch</text>");
        foreach (ChartLine line in lines)
            Draw(svg, line, PlaceX, PlaceY);
        return svg.Append("</svg>").ToString();
    }

    private static bool IsFinite(IReadOnlyList<double> values, int i) => i >= 0 && i < values.Count && double.IsFinite(values[i]);

    private static void Draw(StringBuilder svg, ChartLine line, Func<double, double> placeX, Func<double, double> placeY)
    {
        var path = new StringBuilder();
        var points = new StringBuilder();
        bool open = false;
        for (int i = 0; i < line.Values.Count; i++)
        {
            double value = line.Values[i];
            if (!double.IsFinite(value))
            {
                open = false;
                continue;
            }
            (double x, double y) = (placeX(i + 1), placeY(value));
            path.Append(CultureInfo.InvariantCulture, $"{(open ? 'L' : 'M')}{x:0.#} {y:0.#}");
            open = true;
            string text = string.Create(CultureInfo.InvariantCulture, $"{line.Name}, epoch {i + 1}: {value:0.####}");
            points.Append(CultureInfo.InvariantCulture, $"<circle class=\"point\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"5\"><title>{WebUtility.HtmlEncode(text)}</title></circle>");
            if (!IsFinite(line.Values, i - 1) && !IsFinite(line.Values, i + 1)) // no line goes through it
                points.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{(line.Thin ? "2" : "3")}\" fill=\"{line.Color}\"/>");
            if (i == line.Marked)
                points.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"#fff\" stroke=\"{line.Color}\" stroke-width=\"2\"/>");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"none\" stroke=\"{line.Color}\" stroke-width=\"{(line.Thin ? "1" : "2")}\"{(line.Thin ? " stroke-dasharray=\"3 3\"" : "")} d=\"{path}\"/>").Append(points);
    }
}
