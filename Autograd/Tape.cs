using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A scope that records the operators that run in it, so that <see cref="Backward"/> can walk them in reverse. It owns all intermediate tensors and gives them back when it ends:
/// <code>
/// using var tape = new Tape();
/// Variable loss = F.SoftmaxCrossEntropy(model.Forward(x), labels);
/// tape.Backward(loss);
/// optimizer.Update();
/// </code>
/// Only operators with an input that wants a gradient are recorded. A plain <see cref="Scope"/> inside suspends recording.
/// </summary>
public sealed partial class Tape : Scope
{
    private static long count;

    private readonly List<TapeRecord> records = [];
    private readonly bool tracing;

    /// <summary>Starts a tape inside the thread's current scope.</summary>
    /// <param name="training">Whether dropout drops and batch normalization uses and follows the batch's statistics. Gradients can be had either way.</param>
    public Tape(bool training = true) : this(training, false)
    {
    }

    private Tape(bool training, bool tracing)
    {
        Training = training;
        this.tracing = tracing;
        Seed = (ulong)Interlocked.Increment(ref count);
    }

    /// <summary>The thread's innermost scope, if it is a tape; else null.</summary>
    public static new Tape? Current => Scope.Current as Tape;

    /// <summary>Whether operators with a training mode use it.</summary>
    public bool Training { get; }

    /// <summary>
    /// Where the random numbers of this tape start: the n-th random operator on it draws from (seed, n). Unless set, the number of tapes that the process has started; set it from (seed, epoch, step) to resume a run at any point.
    /// </summary>
    public ulong Seed { get; set; }

    /// <summary>Whether every result and every gradient is searched for NaN and infinities as soon as it is made, at the price of reading it once more.</summary>
    public bool DetectNonFinite { get; set; }

    /// <summary>What ran, in order.</summary>
    public IReadOnlyList<TapeRecord> Records => records;

    /// <summary>A tape that records every operator, in inference mode, and keeps nothing for a backward pass: the graph of what runs in it.</summary>
    public static Tape Trace() => new(false, true);

    internal static Variable Run(Op op, ReadOnlySpan<Variable> inputs)
    {
        Tape? tape = Current;
        var values = new Tensor[inputs.Length];
        bool wanted = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            values[i] = inputs[i].Value;
            wanted |= inputs[i].RequiresGradient;
        }
        bool records = tape is not null && (wanted || tape.tracing);
        Saved saved = records && !tape!.tracing ? new Saved(true) : Saved.Nothing;
        var output = new ResultVariable(op.Forward(saved, values), wanted && records);
        GC.KeepAlive(values);
        if (records)
            tape!.Add(new TapeRecord(tape, op, inputs.ToArray(), output, saved, LayerPath.Current));
        if (tape is { DetectNonFinite: true } && !output.Device.Reductions.AllFinite(output.Value))
            throw new NonFiniteException($"{op.Name}{In(LayerPath.Current)}: the result is finite; a NaN or infinity arrived in {output.Shape}; look at the inputs of this operator.");
        return output;
    }

    internal ulong NextStream() => Seed + (0xD1342543DE82EF95 * (ulong)++streams);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (TapeRecord record in records)
        {
            record.Output.Producer = null;
            record.Output.Gradient = null;
            if (!record.Walked)
            {
                foreach (Tensor tensor in record.Saved.All)
                    tensor.Readers--;
            }
            foreach (Variable input in record.Inputs)
            {
                if (input is not Parameter)
                    input.Gradient = null;
            }
        }
        records.Clear();
        leaves.Clear();
    }

    private static string In(string layer) => layer.Length == 0 ? "" : $" in {layer}";

    private void Add(TapeRecord record)
    {
        record.Output.Producer = record;
        records.Add(record);
        foreach (Tensor tensor in record.Saved.All)
            tensor.Readers++;
        foreach (Variable input in record.Inputs)
        {
            if (!input.IsResult && ReferenceEquals(input.Value.Owner, this))
                leaves.Add(input.Value);
        }
    }

    private int streams;

    /// <summary>An operator's result.</summary>
    private sealed class ResultVariable : Variable
    {
        public ResultVariable(Tensor value, bool requiresGradient) : base(value, requiresGradient) => IsResult = true;
    }
}
