namespace NativeFree.Autograd;

/// <summary>A stretch of time in a run of a plan.</summary>
/// <param name="Thread">0: the caller, whose spans are the steps one after another, a step once for each part of the batch that it runs for; from 1 on the helping threads, whose spans are their shares of a step.</param>
/// <param name="Step">Which step, an index into <see cref="PlanTimeline.Rows"/>.</param>
/// <param name="StartMilliseconds">Since the start of the run.</param>
/// <param name="Milliseconds">How long.</param>
public readonly record struct PlanSpan(int Thread, int Step, double StartMilliseconds, double Milliseconds);
