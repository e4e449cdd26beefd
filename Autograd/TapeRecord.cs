namespace NativeFree.Autograd;

/// <summary>One operator that ran on a tape.</summary>
public sealed class TapeRecord
{
    internal TapeRecord(Tape tape, Op op, Variable[] inputs, Variable output, Saved saved, string layer)
    {
        Tape = tape;
        Op = op;
        Inputs = inputs;
        Output = output;
        Saved = saved;
        Layer = layer;
    }

    /// <summary>The operator.</summary>
    public Op Op { get; }

    /// <summary>What it read.</summary>
    public IReadOnlyList<Variable> Inputs { get; }

    /// <summary>What it made.</summary>
    public Variable Output { get; }

    /// <summary>The path of the layer it ran in; empty outside all.</summary>
    public string Layer { get; }

    internal Tape Tape { get; }

    internal Saved Saved { get; }

    internal bool Walked { get; set; }
}
