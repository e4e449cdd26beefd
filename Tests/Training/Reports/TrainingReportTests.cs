using System.Xml;
using System.Xml.Linq;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Training;

namespace NativeFree.Tests;

/// <summary>The report: well-formed, complete, loads nothing, escapes what it is given.</summary>
public sealed class TrainingReportTests
{
    [Fact]
    public void A_report_is_well_formed_shows_everything_and_loads_nothing()
    {
        TrainingReport report = Sample();
        using var folder = new TemporaryFolder();
        report.Save(folder.File("report.html"));
        string html = File.ReadAllText(folder.File("report.html"));
        Assert.Equal(html, report.ToHtml());
        if (Environment.GetEnvironmentVariable("NATIVEFREE_REPORT") is { Length: > 0 } copy)
            File.WriteAllText(copy, html);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold</b>", html, StringComparison.Ordinal);
        XElement page = Parse(html);
        Assert.Equal(2, page.Descendants("svg").Count());
        XElement loss = page.Descendants("svg").First();
        Assert.Equal(6, loss.Elements("path").Count());
        Assert.Equal(2, loss.Elements("path").First().Attribute("d")!.Value.Count(letter => letter == 'M')); // broken at the NaN
        Assert.Equal(4, page.Descendants("img").Count());
        Assert.All(page.Descendants("img"), image =>
        {
            byte[] png = Convert.FromBase64String(image.Attribute("src")!.Value["data:image/png;base64,".Length..]);
            Assert.Equal((24, 36), (ImageFile.Decode(png, "image").Height, ImageFile.Decode(png, "image").Width));
        });
        XElement matrix = page.Descendants("table").First(table => (string?)table.Attribute("class") == "matrix");
        Assert.Equal(["of", "2", "1", "2"], matrix.Elements("tr").Select(row => row.Elements().Last().Value)); // of each class so many
        string text = string.Concat(page.DescendantNodes().OfType<XText>().Select(node => node.Value));
        foreach (string expected in (string[])["<b>bold</b> & co", "without, seed 1", "early stopping", "80.0 %", "66.7 %", "Adam", "pet", "CPU", "rotten.png", "all epochs were done"])
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    /// <summary>One epoch makes no line; what there is not, such as validation, has no sign in the key.</summary>
    [Fact]
    public void A_single_epoch_is_seen_and_the_key_names_what_is_drawn()
    {
        var report = new TrainingReport("short");
        report.Runs.Add(new ReportRun("alone") { Curves = [new ReportCurve("loss", true, [0.7])], KeptEpoch = 0 });
        report.Runs.Add(new ReportRun("before it") { Seconds = [1] });
        XElement page = Parse(report.ToHtml());
        XElement[] seen = [.. page.Descendants("circle").Where(circle => circle.Attribute("class") is null)];
        Assert.Equal(["#0072b2", "#fff"], seen.Select(circle => circle.Attribute("fill")!.Value)); // the point, and the ring of the weights that were kept
        Assert.Equal(["alone", "on training data", "○ weights kept"], page.Descendants("span").Where(span => (string?)span.Attribute("class") == "key").Select(span => span.Value));
        Assert.Contains("before it", page.Descendants("table").First().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_classes_are_shown_by_their_commonest_mistakes()
    {
        var matrix = new ConfusionMatrix(50);
        var device = new CpuDevice(1);
        using var scope = new Scope();
        float[] scores = new float[150];
        (scores[3], scores[50 + 7], scores[100 + 7]) = (1, 1, 1);
        matrix.Add(Tensor.From(device, new Shape(3, 50), scores), new Labels(3, 9, 9));
        var report = new TrainingReport("many") { Classes = [.. Enumerable.Range(0, 50).Select(i => $"class {i}")] };
        report.Runs.Add(new ReportRun("one") { Confusion = matrix });
        XElement page = Parse(report.ToHtml());
        Assert.Contains("class 9class 72", page.Value, StringComparison.Ordinal);
        Assert.Contains("3 answers, 33.3 % of them right", page.Value, StringComparison.Ordinal);
        Assert.True(report.ToHtml().Length < 10_000);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var report = new TrainingReport("x") { Classes = ["a"] };
        report.Grids.Add(new ReportGrid("pictures", ["photo", "truth"], [new ReportRow("one.png", [new ReportPicture(Grey())])]));
        Assert.Equal("TrainingReport: a row has a picture for each of the 2 columns of 'pictures'; 'one.png' has 1.", Assert.Throws<ArgumentException>(() => report.ToHtml()).Message);
        report.Grids.Clear();
        report.Runs.Add(new ReportRun("run") { Confusion = new ConfusionMatrix(3) });
        Assert.Equal("TrainingReport: a confusion matrix has the 1 classes named; that of 'run' has 3.", Assert.Throws<ArgumentException>(() => report.ToHtml()).Message);
    }

    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.123, 0.131, "0.122 0.124 0.126 0.128 0.130 0.132")]
    [InlineData(-3, 7, "-4 -2 0 2 4 6 8")]
    [InlineData(5, 5, "5.000 5.001")]
    [InlineData(0, 0, "0.0000 0.0002")]
    [InlineData(1, 2_000_000, "0 500000 1e6 1.5e6 2e6")]
    public void Axes_have_round_numbers(double low, double high, string expected) => Assert.Equal(expected, string.Join(' ', new ChartAxis(low, high).Ticks().Select(tick => tick.Text)));

    [Fact]
    public void Overlays_mix_photo_and_class_colour()
    {
        var photo = new Image(1, 2, 3, [100, 50, 0, 10, 20, 30]);
        Image overlay = ClassColors.Overlay(photo, new Image(1, 2, 1, [1, 255]));
        Assert.Equal([50, (50 + 114) / 2, 178 / 2, 10, 20, 30], overlay.Pixels);
        Assert.Throws<ShapeException>(() => ClassColors.Overlay(photo, photo));
        Assert.Equal(256, Enumerable.Range(0, 256).Select(ClassColors.Of).Distinct().Count());
        Assert.Equal([213, 94, 0, 0, 114, 178], ClassColors.Palette(2));
    }

    private static TrainingReport Sample()
    {
        var matrix = new ConfusionMatrix(3);
        using (new Scope())
            matrix.Add(Tensor.From(new CpuDevice(1), new Shape(5, 3), [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]), new Labels(0, 0, 1, 2, 2));
        var report = new TrainingReport("U-Net with <b>bold</b> & co") { Classes = ["pet", "background", "border"], OfPixels = true };
        report.Paragraphs.Add("Three runs, two groups.");
        double[] falling = [1.1, 0.7, 0.52, 0.41, 0.39, 0.40, 0.42];
        foreach ((string name, string group, double factor, int? kept) in ((string, string, double, int?)[])[("pretrained, seed 1", "pretrained", 0.8, 4), ("without, seed 1", "without", 1, 4), ("without, seed 2", "without", 1.1, null)])
        {
            report.Runs.Add(new ReportRun(name)
            {
                Group = group,
                Seconds = [.. falling.Select(_ => 1.5)],
                KeptEpoch = kept,
                StopReason = kept is null ? null : "early stopping",
                Results = [("accuracy", 0.8), ("mean IoU", 2 / 3.0)],
                Confusion = factor == 1.1 ? null : matrix,
                Curves =
                [
                    new ReportCurve("loss", false, [.. falling.Select((value, i) => i == 2 && factor == 0.8 ? value : value * factor)]),
                    new ReportCurve("loss", true, [.. falling.Select((value, i) => i == 3 ? double.NaN : value * 0.9 * factor)]),
                    new ReportCurve("accuracy", false, [.. falling.Select(value => 1 - (value * factor / 2))]),
                ],
            });
        }
        report.Grids.Add(new ReportGrid("Examples", ["photo", "truth"], [Row("a.png"), Row("rotten.png")]));
        report.Configuration.Add(("Optimizer", "Adam, 1e-3"));
        foreach ((string name, string value) in TrainingReport.Hardware(new CpuDevice(1)))
            report.Machine.Add((name, value));
        return report;

        static ReportRow Row(string name) => new(name, [new ReportPicture(Grey(), name), new ReportPicture(ClassColors.Overlay(Grey(), new Image(2, 3, 1, [0, 1, 2, 0, 1, 2])))]);
    }

    private static Image Grey() => new(24, 36, 1, [.. Enumerable.Range(0, 24 * 36).Select(i => (byte)(i % 36 * 7))]);

    private static XElement Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }
}
