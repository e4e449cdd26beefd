using System.Diagnostics;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

public sealed partial class InferencePlan
{
    /// <summary>Bytes of weights as the plan holds them: packed and transformed filters, and the constants of its other steps, each counted where it is read.</summary>
    public long WeightBytes => steps.Sum(step => step.WeightBytes);

    /// <summary>Runs the plan <paramref name="repeats"/> times and tells what each step took, at best. A GPU is waited for after each step.</summary>
    /// <param name="x">As for <see cref="Run(Tensor, CancellationToken)"/>.</param>
    /// <param name="repeats">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="repeats"/> is below 1.</exception>
    /// <exception cref="ShapeException">x has another shape.</exception>
    /// <exception cref="InvalidOperationException">The plan is running already.</exception>
    public IReadOnlyList<PlanProfileRow> Profile(Tensor x, int repeats = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        double[] best = new double[steps.Length];
        Array.Fill(best, double.PositiveInfinity);
        double[] took = new double[steps.Length];
        for (int r = 0; r < repeats; r++)
        {
            using var scope = new Scope();
            Array.Clear(took);
            // A step runs once for each part of the batch; what counts is all parts of one run.
            Run(x, (step, start, end) => took[step] += Milliseconds(start, end), default);
            for (int step = 0; step < steps.Length; step++)
                best[step] = Math.Min(best[step], took[step]);
        }
        return Rows(best);
    }

    /// <summary>Runs the plan once and tells when each step and each helping thread was at work. What other threads compute on the same device meanwhile is counted in.</summary>
    /// <param name="x">As for <see cref="Run(Tensor, CancellationToken)"/>.</param>
    /// <exception cref="ShapeException">x has another shape.</exception>
    /// <exception cref="InvalidOperationException">The plan is running already.</exception>
    public PlanTimeline Timeline(Tensor x)
    {
        using var scope = new Scope();
        var spans = new List<PlanSpan>();
        var helped = new List<(int Thread, long Start, long End)>();
        double[] took = new double[steps.Length];
        WorkCrew? crew = (device as CpuDevice)?.Crew;
        long origin = Stopwatch.GetTimestamp();
        if (crew is not null)
        {
            crew.Watch = (thread, start, end) =>
            {
                lock (helped)
                    helped.Add((thread, start, end));
            };
        }
        try
        {
            Run(x, (step, start, end) =>
            {
                took[step] += Milliseconds(start, end);
                spans.Add(new PlanSpan(0, step, Milliseconds(origin, start), Milliseconds(start, end)));
                lock (helped)
                {
                    spans.AddRange(helped.Select(span => new PlanSpan(span.Thread, step, Milliseconds(origin, span.Start), Milliseconds(span.Start, span.End))));
                    helped.Clear();
                }
            }, default);
        }
        finally
        {
            if (crew is not null)
                crew.Watch = null;
        }
        return new PlanTimeline(Rows(took), [.. spans.OrderBy(span => span.Thread).ThenBy(span => span.StartMilliseconds)]);
    }

    private static double Milliseconds(long start, long end) => Stopwatch.GetElapsedTime(start, end).TotalMilliseconds;

    private PlanProfileRow[] Rows(double[] milliseconds) =>
        [.. steps.Select((step, i) => new PlanProfileRow(step.Layer, step.Algorithm, layout.Values[step.Writes].Shape, milliseconds[i], step.Flops, step.Bytes, step.WeightBytes, step.WorkspaceBytes))];
}
