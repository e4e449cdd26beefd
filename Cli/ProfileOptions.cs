using System.CommandLine;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Cli;

/// <summary><c>--profile</c> and <c>--trace</c>: where the time of a network goes.</summary>
internal sealed class ProfileOptions
{
    private readonly Option<bool> profile = new("--profile") { Description = "Also print what each layer took in a compiled plan: algorithm, ms, GFLOP/s, share of the measured peak, bytes." };
    private readonly Option<string?> trace = new("--trace") { Description = "Also write one run as a Chrome trace (chrome://tracing, Perfetto): each step, each thread.", HelpName = "FILE.json" };

    public ProfileOptions(Command command)
    {
        command.Options.Add(profile);
        command.Options.Add(trace);
    }

    /// <summary>Whether a plan is to be measured.</summary>
    public bool Wanted(ParseResult parsed) => parsed.GetValue(profile) || parsed.GetValue(trace) is not null;

    /// <summary>Writes the trace, if one was asked for, and measures the profile, if one was asked for.</summary>
    public ProfileReport? Measure(ParseResult parsed, InferencePlan plan, Tensor x)
    {
        ProfileReport? report = parsed.GetValue(profile) ? new ProfileReport(plan, x) : null;
        if (parsed.GetValue(trace) is { } file)
        {
            // The first run meets cold caches; the trace is to show the usual one.
            plan.Profile(x, 1);
            plan.Timeline(x).Save(file);
        }
        return report;
    }
}
