using System.Diagnostics;

namespace NativeFree.Tests;

/// <summary>The system's Python, where it has the modules that a test wants to hear a second opinion from.</summary>
internal static class Python
{
    private static readonly string[] Candidates = ["/usr/bin/python3", "python3"];

    /// <summary>A Python that can import <paramref name="modules"/>, or null.</summary>
    public static string? With(string modules) => Candidates.FirstOrDefault(python => TryRun(python, $"import {modules}", [], out _) == 0);

    /// <summary>Runs a script and returns what it printed; anything but exit code 0 fails the test with its output.</summary>
    public static string Run(string modules, string script, params string[] arguments)
    {
        string python = With(modules) ?? throw new InvalidOperationException($"no Python with {modules}; use PythonFact");
        int code = TryRun(python, script, arguments, out string output);
        Assert.True(code == 0, $"python exited with {code}: {output}");
        return output;
    }

    private static int TryRun(string python, string script, string[] arguments, out string output)
    {
        var start = new ProcessStartInfo(python, ["-c", script, .. arguments]) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            output = missing.Message;
            return -1;
        }
    }
}

/// <summary>A fact that needs Python with some modules, shown as skipped where there is none.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string modules)
    {
        if (Python.With(modules) is null)
        {
            Skip = $"no python3 with {modules}";
        }
    }
}
