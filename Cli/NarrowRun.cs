using System.Diagnostics;
using NativeFree.Kernels;

namespace NativeFree.Cli;

/// <summary>
/// A command in a process of its own that computes with 256-bit vectors, by the runtime's switch <c>DOTNET_EnableAVX512=0</c>. PyTorch is limited likewise by its own switches, which the process hands on; ONNX Runtime has none.
/// </summary>
internal static class NarrowRun
{
    /// <summary>What is added to a report's first line.</summary>
    public const string Remark = " 256-bit vectors, by the runtime's switch DOTNET_EnableAVX512=0; PyTorch is held to AVX2 by its own switches, ONNX Runtime has none and uses what the processor has.";

    private const string Switch = "DOTNET_EnableAVX512";

    private static readonly (string Name, string Value)[] Environment =
    [
        (Switch, "0"),
        ("ATEN_CPU_CAPABILITY", "avx2"),
        ("ONEDNN_MAX_CPU_ISA", "AVX2"),
        ("OPENBLAS_CORETYPE", "Haswell"),
    ];

    /// <summary>Whether this process computes with 256 bits already; else the command is to be started again.</summary>
    /// <exception cref="InputException">The machine has no AVX2, or the switch had no effect.</exception>
    public static bool IsHere => SimdWidth.Bits switch
    {
        256 => true,
        512 when System.Environment.GetEnvironmentVariable(Switch) != "0" => false,
        512 => throw new InputException($"--avx2: {Switch}=0 makes the runtime use 256-bit vectors; it uses 512 all the same; measure on another runtime"),
        _ => throw new InputException("--avx2: the processor has AVX2 and FMA; this one has not; leave the option out"),
    };

    /// <summary>Runs this program with the same arguments; its answer and its messages are ours.</summary>
    public static int Run(IEnumerable<string> arguments, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        string self = System.Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(self) == "nativefree" ? [] : [Path.Combine(AppContext.BaseDirectory, "nativefree.dll")];
        var start = new ProcessStartInfo(first.Length == 0 ? self : "dotnet", [.. first, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration stop = cancel.Register(process.Kill);
        Task answer = Copy(process.StandardOutput, output), messages = Copy(process.StandardError, error);
        Task.WaitAll([answer, messages], CancellationToken.None);
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    private static async Task Copy(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync().ConfigureAwait(false) is { } line)
            await to.WriteLineAsync(line).ConfigureAwait(false);
    }
}
