using NativeFree.Kernels;

namespace NativeFree.Autograd;

public sealed partial class Tape
{
    // Tensors of this scope that no operator made: the tape never frees them early.
    private readonly HashSet<Tensor> leaves = [];

    /// <summary>
    /// Walks the tape in reverse from <paramref name="from"/> and fills <see cref="Variable.Gradient"/> of the leaves that want one. Gradients add up where a value is used twice, in the order of the walk. What operators kept, and
    /// the gradients passed on, are freed on the way: read results before, or keep them with <see cref="Scope.Keep"/>.
    /// </summary>
    /// <param name="from">A result on this tape.</param>
    /// <param name="gradient">Its gradient, of its shape; 1 unless given, for a single value.</param>
    /// <exception cref="InvalidOperationException">The variable is no result on this tape, or the tape has been walked from it, or from a result that it shares a part with, before.</exception>
    /// <exception cref="ShapeException"><paramref name="gradient"/> is missing for more than one value, or has another shape.</exception>
    /// <exception cref="NonFiniteException">A gradient is NaN or infinite and <see cref="DetectNonFinite"/> is set.</exception>
    public void Backward(Variable from, Tensor? gradient = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.Producer is not { } last || !ReferenceEquals(last.Tape, this) || tracing)
            throw new InvalidOperationException("Backward: it starts from a result that this tape recorded; this variable is none; compute it from variables that want a gradient while the tape is the innermost scope.");
        if (gradient is null && from.Value.Count != 1)
            throw new ShapeException($"Backward: without a gradient it starts from a single value; got {from.Shape}; pass a gradient of that shape.");
        if (gradient is not null && gradient.Shape != from.Shape)
            throw new ShapeException($"Backward: the gradient has the value's shape; expected {from.Shape}, got {gradient.Shape}.");
        from.Gradient = gradient is null ? Tensor.Filled(from.Device, from.Shape, 1) : gradient.Reshape(gradient.Shape);
        for (int i = records.IndexOf(last); i >= 0; i--)
        {
            TapeRecord record = records[i];
            if (record.Output.Gradient is { } gy && record.Output.RequiresGradient)
                Walk(record, gy);
        }
    }

    private void Walk(TapeRecord record, Tensor gy)
    {
        if (record.Walked)
            throw new InvalidOperationException($"Backward: a part of the tape is walked once; {record.Op.Name}{In(record.Layer)} has been; add the results up and start from their sum.");
        record.Walked = true;
        var inputs = (Variable[])record.Inputs;
        var gradients = new Gradients(inputs, record.Output.KeepGradient || gy.Buffer.IsShared ? null : gy);
        bool passed = false;
        record.Op.Backward(record.Saved, gy, gradients);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!gradients.Wants(i))
                continue;
            Tensor made = gradients.Made(i) ?? throw new InvalidOperationException($"{record.Op.Name}: backward makes every gradient that is wanted; that of input {i} is missing.");
            if (made.Shape != inputs[i].Shape)
                throw new ShapeException($"{record.Op.Name}: the gradient of input {i} has its shape; expected {inputs[i].Shape}, got {made.Shape}.");
            if (DetectNonFinite && !made.Device.Reductions.AllFinite(made))
                throw new NonFiniteException($"{record.Op.Name}{In(record.Layer)}: gradients are finite; that of input {i}, {made.Shape}, holds a NaN or infinity.");
            passed |= ReferenceEquals(made, gy);
            if (gradients.Added(i))
                Replace(inputs[i], made);
            else
                Accumulate(inputs[i], made);
        }
        Free(record, gy, passed);
    }

    private static void Replace(Variable variable, Tensor made)
    {
        if (ReferenceEquals(variable.Gradient, made))
            return;
        variable.Gradient!.Release();
        variable.Gradient = made;
    }

    private void Free(TapeRecord record, Tensor gy, bool passed)
    {
        foreach (Tensor tensor in record.Saved.All)
        {
            if (--tensor.Readers == 0 && ReferenceEquals(tensor.Owner, this) && !leaves.Contains(tensor))
                tensor.Release();
        }
        if (record.Output.KeepGradient)
            return;
        record.Output.Gradient = null;
        if (!passed)
            gy.Release();
    }

    private static void Accumulate(Variable variable, Tensor made)
    {
        if (variable.Gradient is not { } sum)
        {
            variable.Gradient = variable is Parameter ? Detach(IsLent(variable, made) ? Copy(made) : made) : made;
            return;
        }
        if (IsLent(variable, sum))
        {
            var separate = new Tensor(sum.Device, sum.Shape);
            sum.Device.Elementwise.Combine(1, sum, 1, made, separate);
            variable.Gradient = variable is Parameter ? Detach(separate) : separate;
            sum.Release();
        }
        else
        {
            sum.Device.Elementwise.Combine(1, sum, 1, made, sum);
        }
        made.Release();
    }

    // Another variable's gradient may be the same memory; a parameter's place, in a block with those of others, is its own.
    private static bool IsLent(Variable variable, Tensor gradient) => gradient.Buffer.IsShared && !(variable is Parameter { Place: { } place } && place.Holds(gradient));

    private static Tensor Copy(Tensor source)
    {
        var copy = new Tensor(source.Device, source.Shape);
        source.Device.Elementwise.Scale(1, source, copy);
        return copy;
    }
}
