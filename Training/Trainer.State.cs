using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

public sealed partial class Trainer
{
    private string identity = "";
    private (string File, string Identity)? resumed;

    /// <summary>Writes everything that a resumed run needs beside the weights: counters, position in the data, running sums, history, the optimizer's state, the callbacks' states.</summary>
    internal void Save(StateWriter state)
    {
        state.Write("epoch", Epoch);
        state.Write("batch", Batch);
        state.Write("steps", Steps);
        state.Write("seed", Seed);
        state.Write("seconds", (earlier + (Batch == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(started))).TotalSeconds);
        state.Write("data", identity);
        sums.Save(state.In("running"));
        History.Save(state.In("history"));
        SaveOptimizer(state.In("optimizer"));
        foreach (Callback callback in Callbacks)
            callback.Save(state.In($"callbacks/{callback.Name}"));
    }

    /// <summary>Takes it back; the network's weights are restored already.</summary>
    /// <exception cref="WeightException">The checkpoint is of another optimizer or seed, or something is missing.</exception>
    internal void Restore(ArrayFile file)
    {
        var state = new StateReader(file);
        if (!state.Contains("epoch"))
            throw new WeightException(file.Path, "a run is resumed from a checkpoint with the state of its training; this file holds weights alone; start a new run with them");
        if (state.Int64("seed") != Seed)
            throw new WeightException(file.Path, string.Create(CultureInfo.InvariantCulture, $"a run is resumed with its seed; it began with {state.Int64("seed")}, got {Seed}"));
        RestoreOptimizer(file.Path, state.In("optimizer"));
        Epoch = state.Count("epoch");
        Batch = state.Count("batch");
        Steps = state.Int64("steps");
        earlier = TimeSpan.FromSeconds(Math.Clamp(state.Double("seconds"), 0, 1e9));
        sums = MeasureSums.Restore(state.In("running"));
        History = History.Restore(state.In("history"));
        resumed = (file.Path, state.Text("data"));
        foreach (Callback callback in Callbacks)
        {
            string name = $"callbacks/{callback.Name}";
            if (state.ContainsAny(name))
                callback.Restore(this, state.In(name));
        }
    }

    /// <summary>What the training data are: number, size of a batch and the names in the order of the first epoch, which follows from the loader's seed.</summary>
    private void Identify(DataLoader data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        foreach (int index in (ReadOnlySpan<int>)[data.BatchSize, .. data.Order(0)])
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, index);
            hash.AppendData(number);
        }
        for (int i = 0; i < data.Count; i++)
            hash.AppendData(Encoding.UTF8.GetBytes(data.Data.NameOf(i) + "\n"));
        identity = string.Create(CultureInfo.InvariantCulture, $"{data.Count} samples in batches of {data.BatchSize}, {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
        if (resumed is { } from && from.Identity != identity)
            throw new WeightException(from.File, $"a run is resumed with the data it began with, in the same order; it began with {from.Identity}, got {identity}");
        resumed = null;
    }

    private void SaveOptimizer(StateWriter state)
    {
        state.Write("kind", Optimizer.GetType().Name);
        state.Write("steps", Optimizer.Steps);
        foreach (Parameter parameter in Optimizer.Parameters)
        {
            (long steps, IReadOnlyList<Tensor> tensors) = Optimizer.StateOf(parameter);
            if (steps == 0 || !parameter.IsInitialized)
                continue;
            StateWriter each = state.In($"parameters/{parameter.Path}");
            each.Write("steps", steps);
            for (int i = 0; i < tensors.Count; i++)
                each.Write(Optimizer.StateNames[i], tensors[i]);
        }
    }

    private void RestoreOptimizer(string file, StateReader state)
    {
        if (state.Text("kind") != Optimizer.GetType().Name)
            throw new WeightException(file, $"a run is resumed with its optimizer; it began with {state.Text("kind")}, got {Optimizer.GetType().Name}");
        Optimizer.RestoreSteps(Math.Max(state.Int64("steps"), 0));
        foreach (Parameter parameter in Optimizer.Parameters)
        {
            StateReader each = state.In($"parameters/{parameter.Path}");
            if (!parameter.IsInitialized || !each.Contains("steps"))
                continue;
            Optimizer.Restore(parameter, each.Int64("steps"), [.. Optimizer.StateNames.Select(name => each.Floats(name, parameter.Shape.Count))]);
        }
    }
}
