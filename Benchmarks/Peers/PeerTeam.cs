using System.Text.Json;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>The peers that could be started on this machine, and a line about each that tells its version or how to get it.</summary>
internal sealed class PeerTeam : IDisposable
{
    public const string OnnxRuntimeKey = "onnxruntime", PyTorchKey = "pytorch";

    private const string BlasKernels = "OPENBLAS_CORETYPE";

    private readonly List<string> lines = [];
    private readonly PeerProcess? onnxRuntime;
    private readonly PeerProcess? pyTorch;
    private readonly int threads;

    private PeerTeam(BenchmarkOptions options, int threads)
    {
        this.threads = threads;
        if (!options.Peers)
            return;
        onnxRuntime = Start("ONNX Runtime", "npm install --ignore-scripts onnxruntime-node (and Node.js), then --onnxruntime DIR", [() => StartOnnxRuntime(options.OnnxRuntime)]);
        string[] interpreters = options.Python is { } named ? [named] : ["python3", "/usr/bin/python3"];
        pyTorch = Start("PyTorch", "apt install python3-torch libopenblas0-pthread, or --python PROGRAM", [.. interpreters.Select<string, Func<PeerProcess>>(python => () => StartPyTorch(python))]);
    }

    /// <summary>One line a peer.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Whether ONNX Runtime takes part, so that it is worth writing a model.</summary>
    public bool HasOnnxRuntime => onnxRuntime is not null;

    public static PeerTeam Start(BenchmarkOptions options, int threads) => new(options, threads);

    /// <summary>Loads an ONNX model of ours.</summary>
    /// <param name="model">The file.</param>
    /// <param name="inputs">Name, shape and file of raw values for each input; without a file it is filled with a constant.</param>
    /// <param name="outputShape">Shape of the one output.</param>
    /// <param name="profile">Start of a path for the library's own profile, or null for none.</param>
    /// <returns>The work, or null where ONNX Runtime takes no part.</returns>
    public PeerWork? LoadOnnx(string model, IReadOnlyList<(string Name, int[] Shape, string? File)> inputs, int[] outputShape, string? profile = null) => Load(OnnxRuntimeKey, onnxRuntime, json =>
    {
        json.WriteString("model", model);
        json.WriteNumber("threads", threads);
        if (profile is not null)
            json.WriteString("profile", profile);
        json.WriteStartArray("inputs");
        foreach ((string name, int[] shape, string? file) in inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            WriteShape(json, "shape", shape);
            if (file is not null)
                json.WriteString("file", file);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteShape(json, "outputShape", outputShape);
    });

    /// <summary>Has PyTorch build a piece of work.</summary>
    /// <param name="kind">What to build: a key of the script's KINDS.</param>
    /// <param name="request">Its sizes.</param>
    /// <returns>The work, or null where PyTorch takes no part.</returns>
    public PeerWork? LoadTorch(string kind, Action<Utf8JsonWriter> request) => Load(PyTorchKey, pyTorch, json =>
    {
        json.WriteString("kind", kind);
        json.WriteNumber("threads", threads);
        request(json);
    });

    public void Dispose()
    {
        onnxRuntime?.Dispose();
        pyTorch?.Dispose();
    }

    private static void WriteShape(Utf8JsonWriter json, string name, int[] shape)
    {
        json.WriteStartArray(name);
        foreach (int size in shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
    }

    private PeerWork? Load(string name, PeerProcess? process, Action<Utf8JsonWriter> request)
    {
        if (process is null)
            return null;
        try
        {
            return new PeerWork(name, process, request);
        }
        catch (PeerException e)
        {
            lines.Add($"{ReportTable.Title(name)} refused a piece of work: {e.Message}.");
            return null;
        }
    }

    private PeerProcess? Start(string title, string remedy, Func<PeerProcess>[] ways)
    {
        string reason = "";
        foreach (Func<PeerProcess> way in ways)
        {
            try
            {
                PeerProcess process = way();
                lines.Add($"{title} {process.Version}: {process.Settings}.");
                return process;
            }
            catch (PeerException e)
            {
                reason = e.Message;
            }
        }
        lines.Add($"{title} takes no part: {reason}; to have it: {remedy}.");
        return null;
    }

    private static PeerProcess StartOnnxRuntime(string? folder)
    {
        string? known = Environment.GetEnvironmentVariable("NODE_PATH");
        string here = Path.GetFullPath(folder ?? ".");
        string[] places = [here, Path.Combine(here, "node_modules"), .. known is null ? [] : (string[])[known]];
        return new PeerProcess(OnnxRuntimeKey, "node", "onnxruntime.js", new Dictionary<string, string> { ["NODE_PATH"] = string.Join(Path.PathSeparator, places) });
    }

    private PeerProcess StartPyTorch(string python)
    {
        string count = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = count, ["OPENBLAS_NUM_THREADS"] = count };
        // An OpenBLAS older than the processor takes kernels without AVX, five times slower; a peer is measured at its best.
        if (Environment.GetEnvironmentVariable(BlasKernels) is null && SimdWidth.Bits > 128)
            environment[BlasKernels] = SimdWidth.Bits == 512 ? "SkylakeX" : "Haswell";
        return new PeerProcess(PyTorchKey, python, "pytorch.py", environment);
    }
}
