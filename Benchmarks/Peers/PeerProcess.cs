using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace NativeFree.Benchmarks;

/// <summary>
/// A peer library in a process of its own, driven by one JSON request a line and one JSON answer a line, so that its threads and memory stay out of ours. The script comes out of this assembly. The first
/// line it prints says its version and settings, or why it cannot run.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly string script;
    private readonly string name;

    /// <summary>Starts the script.</summary>
    /// <param name="name">Key of the peer's column.</param>
    /// <param name="program">Interpreter, by path or as PATH finds it.</param>
    /// <param name="resource">The script's name in this assembly.</param>
    /// <param name="environment">Variables to add.</param>
    /// <exception cref="PeerException">The interpreter or the library is missing.</exception>
    public PeerProcess(string name, string program, string resource, IReadOnlyDictionary<string, string> environment)
    {
        this.name = name;
        script = Path.Combine(Path.GetTempPath(), $"nativefree-{Guid.NewGuid():N}-{resource}");
        using (Stream source = typeof(PeerProcess).Assembly.GetManifestResourceStream(resource)!)
        using (FileStream copy = File.Create(script))
            source.CopyTo(copy);
        var start = new ProcessStartInfo(program, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string key, string value) in environment)
            start.Environment[key] = value;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            File.Delete(script);
            throw new PeerException($"{program} does not start: {e.Message}", e);
        }
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            using JsonDocument hello = Answer();
            Version = hello.RootElement.GetProperty("version").GetString()!;
            Settings = hello.RootElement.GetProperty("settings").GetString()!;
        }
        catch (PeerException)
        {
            Dispose();
            throw;
        }
    }

    public string Version { get; }

    public string Settings { get; }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="PeerException">The answer is an error, or none came.</exception>
    public JsonDocument Ask(string verb, Action<Utf8JsonWriter> request)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("do", verb);
            request(json);
            json.WriteEndObject();
        }
        try
        {
            process.StandardInput.WriteLine(System.Text.Encoding.UTF8.GetString(memory.ToArray()));
            process.StandardInput.Flush();
        }
        catch (IOException e)
        {
            throw new PeerException($"{name} has ended", e);
        }
        return Answer();
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
        if (!process.WaitForExit(2000))
            process.Kill();
        process.Dispose();
        File.Delete(script);
    }

    private JsonDocument Answer()
    {
        Task<string?> reading = process.StandardOutput.ReadLineAsync();
        if (!reading.Wait(Patience))
        {
            process.Kill();
            throw new PeerException($"{name} gave no answer for {Patience.TotalMinutes} minutes");
        }
        if (reading.Result is not { } line)
            throw new PeerException($"{name} ended without an answer");
        JsonDocument answer;
        try
        {
            answer = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new PeerException($"{name} answered '{line}'", e);
        }
        if (answer.RootElement.TryGetProperty("error", out JsonElement error))
        {
            string message = error.GetString()!;
            answer.Dispose();
            throw new PeerException(message);
        }
        return answer;
    }
}
