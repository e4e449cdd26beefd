using System.Text.Json;
using NativeFree.Cli;

namespace NativeFree.Tests;

/// <summary>One run of the command line in this process.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    public static CommandRun Of(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = CommandLine.Run(arguments, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    public static JsonElement Json(params string[] arguments)
    {
        CommandRun run = Of(arguments);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>One line, from us, without stack trace.</summary>
    public void AssertOneLine()
    {
        Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("nativefree: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
