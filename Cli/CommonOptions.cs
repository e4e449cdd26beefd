using System.CommandLine;
using NativeFree.Kernels;

namespace NativeFree.Cli;

/// <summary>The options that every command understands.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string> device = new("--device") { Description = "auto, cpu, gpu, opencl:N, cuda:N or emulator.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
    private readonly Option<int> threads = new("--threads") { Description = "Threads that compute; 0: one per core.", HelpName = "N" };
    private readonly Option<int> seed = new("--seed") { Description = "Start of all random numbers.", HelpName = "N" };
    private readonly Option<bool> quiet = new("--quiet") { Description = "Print the answer only, no timings and no progress." };
    private readonly Option<bool> json = new("--json") { Description = "Print the answer as JSON." };

    public CommonOptions(Command command)
    {
        device.Validators.Add(result =>
        {
            string text = result.GetValueOrDefault<string>();
            if (!IsDevice(text))
                result.AddError($"--device: one of auto, cpu, gpu, opencl:N, cuda:N, emulator; got '{text}'.");
        });
        threads.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && n is < 0 or > 1024)
                result.AddError($"--threads: 1 to 1024, or 0 for one per core; got {n}.");
        });
        foreach (Option option in (Option[])[device, threads, seed, quiet, json])
            command.Options.Add(option);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    public bool Quiet(ParseResult parsed) => parsed.GetValue(quiet);

    public int Seed(ParseResult parsed) => parsed.GetValue(seed);

    /// <summary>The device asked for.</summary>
    /// <exception cref="DeviceException">It is not there.</exception>
    public Device Device(ParseResult parsed)
    {
        string name = parsed.GetValue(device)!;
        int count = parsed.GetValue(threads);
        Device opened = DeviceCatalog.Open(name);
        return opened is CpuDevice && count != 0 ? new CpuDevice(count) : opened;
    }

    private static bool IsDevice(string text)
    {
        if (text is "auto" or "cpu" or "gpu" or "emulator")
            return true;
        int colon = text.IndexOf(':');
        return colon > 0 && text[..colon] is "opencl" or "cuda" && int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out _);
    }
}
