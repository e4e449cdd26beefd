using System.Text.Json;

namespace NativeFree.Benchmarks;

/// <summary>A piece of work that a peer has loaded, timed inside the peer's process; disposing unloads it.</summary>
internal sealed class PeerWork : IContender, IDisposable
{
    private readonly PeerProcess process;
    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly List<bool> counted = [];
    private bool loaded;

    /// <summary>Loads the work.</summary>
    /// <exception cref="PeerException">The peer cannot.</exception>
    public PeerWork(string name, PeerProcess process, Action<Utf8JsonWriter> request)
    {
        Name = name;
        this.process = process;
        using JsonDocument answer = process.Ask("load", json =>
        {
            json.WriteString("id", id);
            request(json);
        });
        Settings = answer.RootElement.TryGetProperty("settings", out JsonElement settings) ? settings.GetString()! : "";
        loaded = true;
    }

    public string Name { get; }

    /// <summary>What the peer chose for this work, such as a memory format; may be empty.</summary>
    public string Settings { get; }

    public void WarmUp(CancellationToken cancel)
    {
        Time(1, cancel);
        counted.Add(false);
    }

    public double[] Run(int times, CancellationToken cancel)
    {
        counted.AddRange(Enumerable.Repeat(true, times));
        return Time(times, cancel);
    }

    /// <summary>Bytes of memory that the peer's process held at most during one more run; only PyTorch on Linux tells.</summary>
    /// <exception cref="PeerException">The peer cannot tell.</exception>
    public long PeakBytes()
    {
        using JsonDocument answer = process.Ask("peak", json => json.WriteString("id", id));
        return answer.RootElement.GetProperty("bytes").GetInt64();
    }

    /// <summary>The values that the last run gave, little-endian float32 in C order.</summary>
    public void SaveOutput(string file) => process.Ask("output", json =>
    {
        json.WriteString("id", id);
        json.WriteString("file", file);
    }).Dispose();

    /// <summary>
    /// Unloads the work and gives the time spent in its nodes of some types, from the peer's own profile, summed for each counted run; for single operations, where the peer's change of memory layout at the model's
    /// edges and the call itself are not the subject. Null where the profile has no such node.
    /// </summary>
    public Timing? NodeTiming(params ReadOnlySpan<string> operators)
    {
        loaded = false;
        using JsonDocument answer = process.Ask("unload", json => json.WriteString("id", id));
        double[] sums = new double[counted.Count];
        bool found = false;
        foreach (JsonElement node in answer.RootElement.GetProperty("nodes").EnumerateArray())
        {
            JsonElement times = node.GetProperty("ms");
            if (!operators.Contains(node.GetProperty("op").GetString()) || times.GetArrayLength() != sums.Length)
                continue;
            found = true;
            int run = 0;
            foreach (JsonElement time in times.EnumerateArray())
                sums[run++] += time.GetDouble();
        }
        return found ? Timing.Of([.. sums.Where((_, run) => counted[run])]) : null;
    }

    public void Dispose()
    {
        if (!loaded)
            return;
        loaded = false;
        try
        {
            process.Ask("unload", json => json.WriteString("id", id)).Dispose();
        }
        catch (PeerException)
        {
            // The process has ended, and the work with it.
        }
    }

    private double[] Time(int times, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using JsonDocument answer = process.Ask("run", json =>
        {
            json.WriteString("id", id);
            json.WriteNumber("times", times);
        });
        return [.. answer.RootElement.GetProperty("ms").EnumerateArray().Select(ms => ms.GetDouble())];
    }
}
