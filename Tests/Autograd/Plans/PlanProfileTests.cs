using System.Text.Json;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Autograd;

/// <summary>What a plan tells of its steps: bytes that follow from the shapes, times that fit into the run, and a Chrome trace that can be read.</summary>
public sealed class PlanProfileTests
{
    private const int Floats = sizeof(float);

    [Fact]
    public void Bytes_and_operations_follow_from_the_shapes()
    {
        using var scope = new Scope();
        var device = new CpuDevice(1);
        InferencePlan plan = Compile(device);
        IReadOnlyList<PlanProfileRow> rows = plan.Profile(Noise.On(device, plan.InputShape, 1), 2);
        Assert.Equal(["convolution, winograd 4×4, max pooling", "max pooling", "matrix product"], rows.Select(row => row.Algorithm));
        // 4 × 3 tiles of a 13 × 11 picture; 36 values of each for 16 channels in and 48 out.
        const int tiles = 12, filter = 36 * 16 * 48;
        Assert.Equal((true, filter * Floats, 36 * tiles * (16 + 48) * Floats), (rows[0].IsWinograd, rows[0].WeightBytes, rows[0].WorkspaceBytes));
        Assert.Equal(2 * 13 * 11 * 48 * 9 * 16, rows[0].Flops);
        // The picture of 48 channels is neither written nor read: the first pooling leaves 6 × 5 pixels of it.
        Assert.Equal((filter + (13 * 11 * 16) + (6 * 5 * 48)) * Floats, rows[0].Bytes);
        Assert.Equal((0, 0, 0L), (rows[1].WeightBytes, rows[1].WorkspaceBytes, rows[1].Flops));
        Assert.Equal(((6 * 5) + (3 * 2)) * 48 * Floats, rows[1].Bytes);
        const int features = 3 * 2 * 48;
        Assert.Equal(((features * 7) + 7) * Floats, rows[2].WeightBytes);
        Assert.Equal(((features * 7) + 7 + features + 7) * Floats, rows[2].Bytes);
        Assert.Equal(rows.Sum(row => row.WeightBytes), plan.WeightBytes);
        Assert.All(rows, row => Assert.True(row.Milliseconds > 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Profile(Tensor.Zeros(device, plan.InputShape), 0));
    }

    [Fact]
    public void A_timeline_has_each_step_once_and_helpers_within_their_steps()
    {
        using var scope = new Scope();
        var device = new CpuDevice(3);
        InferencePlan plan = Compile(device, 61);
        Tensor x = Noise.On(device, plan.InputShape, 1);
        PlanTimeline timeline = plan.Timeline(x);
        // A helper may come too late for work as short as this; in a hundred runs it does not.
        for (int run = 0; run < 100 && timeline.Spans.All(span => span.Thread == 0); run++)
            timeline = plan.Timeline(x);
        PlanSpan[] steps = [.. timeline.Spans.Where(span => span.Thread == 0)];
        Assert.Equal(Enumerable.Range(0, timeline.Rows.Count), steps.Select(span => span.Step));
        Assert.Contains(timeline.Spans, span => span.Thread is 1 or 2);
        Assert.DoesNotContain(timeline.Spans, span => span.Thread is < 0 or > 2);
        foreach (PlanSpan span in timeline.Spans)
        {
            PlanSpan step = steps[span.Step];
            Assert.True(span.StartMilliseconds >= step.StartMilliseconds && span.StartMilliseconds + span.Milliseconds <= step.StartMilliseconds + step.Milliseconds + 1e-9, $"{span} within {step}");
        }
        foreach (IGrouping<int, PlanSpan> thread in timeline.Spans.GroupBy(span => span.Thread))
        {
            foreach ((PlanSpan before, PlanSpan after) in thread.Zip(thread.Skip(1)))
                Assert.True(before.StartMilliseconds + before.Milliseconds <= after.StartMilliseconds + 1e-9, $"{before} ends before {after}");
        }
        plan.Run(x); // nobody watches any more
        Assert.Null(device.Crew.Watch);
    }

    [Fact]
    public void A_chrome_trace_reads_back()
    {
        using var folder = new TemporaryFolder();
        var rows = new PlanProfileRow[]
        {
            new("conv1", "convolution, direct", new Shape(1, 7, 5, 3), 1.5, 3_000_000, 4000, 3000, 200),
            new("", "max pooling", new Shape(1, 3, 2, 3), 0.25, 0, 100, 0, 0),
        };
        string file = folder.File("trace.json");
        new PlanTimeline(rows, [new(0, 0, 0.125, 1.5), new(0, 1, 1.75, 0.25), new(2, 0, 0.5, 1.0625)]).Save(file);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement[] events = [.. json.RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal([(0, "steps"), (2, "helper 2")], events.Where(item => Text(item, "ph") == "M").Select(item => (item.GetProperty("tid").GetInt32(), Text(item.GetProperty("args"), "name"))));
        JsonElement[] spans = [.. events.Where(item => Text(item, "ph") == "X")];
        Assert.Equal(
            [(0, "conv1", 125.0, 1500.0), (0, "max pooling", 1750.0, 250.0), (2, "conv1", 500.0, 1062.5)],
            spans.Select(item => (item.GetProperty("tid").GetInt32(), Text(item, "name"), item.GetProperty("ts").GetDouble(), item.GetProperty("dur").GetDouble())));
        JsonElement first = spans[0].GetProperty("args");
        Assert.Equal(("convolution, direct", "[1, 7, 5, 3]"), (Text(first, "algorithm"), Text(first, "output")));
        Assert.Equal((2.0, 4000, 3000, 200), (first.GetProperty("gflops").GetDouble(), first.GetProperty("bytes").GetInt32(), first.GetProperty("weight_bytes").GetInt32(), first.GetProperty("workspace_bytes").GetInt32()));

        static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
    }

    private static InferencePlan Compile(CpuDevice device, int height = 13)
    {
        Tensor w = Noise.On(device, new Shape(3, 3, 16, 48), 2), dense = Noise.On(device, new Shape(height / 2 / 2 * 2 * 48, 7), 3), b = Noise.On(device, new Shape(7), 4);
        return InferencePlan.Compile(device, new Shape(1, height, 11, 16), x => new Dictionary<string, Variable>
        {
            ["y"] = F.Linear(F.Flatten(Pool(Pool(F.Relu(F.Convolution2D(x, w, null, (1, 1), Padding.All(1)))))), dense, b),
        });

        static Variable Pool(Variable x) => F.MaxPooling2D(x, (2, 2), (2, 2), Padding.None, false);
    }
}
