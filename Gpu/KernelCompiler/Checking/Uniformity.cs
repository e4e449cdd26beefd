using Microsoft.CodeAnalysis;
using NativeFree.KernelCompiler.Ir;
using NativeFree.KernelCompiler.Reading;

namespace NativeFree.KernelCompiler.Checking;

/// <summary>
/// Proves that all work-items of a group reach the same barriers: a value varies if it comes from a work-item's coordinates, from memory that the kernel writes, or from a decision on such
/// a value; a barrier may not depend on one. Sound, not complete: what it cannot prove it refuses.
/// </summary>
internal sealed class Uniformity
{
    private readonly KernelReader reader;
    private readonly Dictionary<IrStatement, string> varyingLoops = [];
    private readonly Stack<(IrStatement Loop, string? Outside)> loops = new();
    private IrFunction function = null!;
    private string? exited;
    private bool changed;
    private bool reporting;

    private Uniformity(KernelReader reader) => this.reader = reader;

    public static void Check(KernelReader reader)
    {
        Uniformity uniformity = new(reader);
        do
        {
            uniformity.changed = false;
            uniformity.Pass();
        }
        while (uniformity.changed);
        uniformity.reporting = true;
        uniformity.Pass();
    }

    private void Pass()
    {
        // Callers first: what they pass decides what varies in a callee.
        foreach (IrFunction next in Enumerable.Reverse(reader.Kernel.Functions))
        {
            function = next;
            exited = null;
            Visit(next.Body!, null);
        }
    }

    private void Visit(IrStatement statement, string? outside)
    {
        string? control = outside ?? exited;
        switch (statement)
        {
            case IrBlock block:
                foreach (IrStatement child in block.Statements)
                    Visit(child, outside);
                break;
            case IrDeclare { Value: { } value } declaration:
                Assign(declaration.Variable, Varies(value, control) ?? control);
                break;
            case IrEvaluate evaluate:
                Varies(evaluate.Expression, control);
                break;
            case IrIf condition:
                string? branch = control ?? Condition(condition.Condition, condition, control);
                Visit(condition.Then, branch);
                if (condition.Otherwise is not null)
                    Visit(condition.Otherwise, branch);
                break;
            case IrFor loop:
                foreach (IrStatement before in loop.Before)
                    Visit(before, outside);
                Loop(loop, loop.Condition, loop.Body, loop.AtBottom, control, outside);
                break;
            case IrWhile loop:
                Loop(loop, loop.Condition, loop.Body, [], control, outside);
                break;
            case IrSwitch choice:
                string? section = control ?? Condition(choice.Value, choice, control);
                foreach ((_, _, IrBlock body) in choice.Sections)
                    Visit(body, section);
                break;
            case IrBreak or IrContinue:
                // A break of a switch ends here too: to take it for the loop's errs on the safe side.
                if (control is not null && loops.Count > 0 && loops.Peek().Outside is null)
                    MarkLoop(loops.Peek().Loop, control);
                break;
            case IrReturn returned:
                string? varies = returned.Value is null ? null : Varies(returned.Value, control);
                if ((varies ?? control) is { } why && function.Varies is null && function.Result != ScalarType.Void)
                {
                    function.Varies = why;
                    changed = true;
                }
                if (control is not null)
                {
                    exited ??= control;
                    foreach ((IrStatement loop, string? before) in loops.Where(static entry => entry.Outside is null))
                        MarkLoop(loop, control);
                }
                break;
            case IrBarrier:
                Require(statement.Location, control);
                break;
        }
        if (statement is IrDeclare or IrEvaluate or IrReturn && statement.HasBarrier)
            Require(statement.Location, control);
    }

    private void Loop(IrStatement loop, IrExpression? test, IrBlock body, IReadOnlyList<IrExpression> bottom, string? control, string? outside)
    {
        string? inside = control ?? (test is null ? null : Condition(test, loop, control));
        if (inside is null && varyingLoops.TryGetValue(loop, out string? known))
            inside = known;
        loops.Push((loop, inside));
        Visit(body, inside ?? outside);
        foreach (IrExpression step in bottom)
            Varies(step, inside ?? control);
        loops.Pop();
    }

    private string? Condition(IrExpression test, IrStatement statement, string? control) =>
        Varies(test, control) is { } why ? $"the condition in line {statement.Location.GetLineSpan().StartLinePosition.Line + 1} varies within a group ({why})" : null;

    private void MarkLoop(IrStatement loop, string why)
    {
        if (varyingLoops.ContainsKey(loop))
            return;
        varyingLoops.Add(loop, why);
        changed = true;
    }

    private void Require(Location location, string? control)
    {
        if (reporting && control is not null)
            reader.Report(Rules.Divergence, location, control);
    }

    private void Assign(IrVariable variable, string? why)
    {
        if (why is null || variable.Varies is not null)
            return;
        variable.Varies = Root(why);
        changed = true;
    }

    // Of a chain of decisions the reason at its start says most.
    private static string Root(string why)
    {
        int open = why.LastIndexOf('(');
        return open < 0 ? why : why.Substring(open + 1).TrimEnd(')');
    }

    private string? Varies(IrExpression expression, string? control)
    {
        switch (expression)
        {
            case IrRead read:
                return read.Variable.Varies;
            case IrFieldOf field:
                return Varies(field.Instance, control);
            case IrUnary unary:
                return Varies(unary.Operand, control);
            case IrBinary binary:
                return First(control, binary.Left, binary.Right);
            case IrChoice choice:
                return First(control, choice.Condition, choice.Yes, choice.No);
            case IrConvert convert:
                return Varies(convert.Operand, control);
            case IrIntrinsic intrinsic:
                return First(control, [.. intrinsic.Arguments]) ?? intrinsic.Varies;
            case IrNew made:
                return First(control, [.. made.Values.Select(static value => value.Value)]);
            case IrSubView sub:
                return First(control, sub.View, sub.Offset);
            case IrCast cast:
                return Varies(cast.View, control);
            case IrElement element:
                return First(control, element.Index, element.View) ?? Memory(element);
            case IrAtomic atomic:
                First(control, [atomic.Target.Index, .. atomic.Arguments]);
                return "an atomic operation's result differs";
            case IrAssign assign:
                string? why = Varies(assign.Value, control);
                if (assign.Target is IrElement target)
                    why = why ?? Varies(target.Index, control);
                Assign(RootOf(assign.Target), why ?? control);
                return why;
            case IrStep step:
                Assign(RootOf(step.Target), control);
                return Varies(step.Target, control);
            case IrCall call:
                return VariesCall(call, control);
            default:
                return null;
        }
    }

    private string? VariesCall(IrCall call, string? control)
    {
        string? any = null;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            string? why = Varies(call.Arguments[i], control);
            any ??= why;
            Assign(call.Function.Parameters[i], why);
        }
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            IrVariable parameter = call.Function.Parameters[i];
            if (parameter.IsReference && (any ?? parameter.Varies ?? control) is { } why)
                Assign(RootOf(call.Arguments[i]), why);
        }
        return any ?? call.Function.Varies;
    }

    private string? First(string? control, params IrExpression[] expressions)
    {
        string? first = null;
        foreach (IrExpression expression in expressions)
            first = Varies(expression, control) is { } why && first is null ? why : first;
        return first;
    }

    // Global memory that this kernel only reads holds the same for all; anything else may have been written by one of them.
    private static string? Memory(IrElement element)
    {
        IrVariable root = RootOf(element);
        return ((ViewType)element.View.Type).Space switch
        {
            Space.Shared => $"{root.Name}'s elements differ",
            Space.Global when root.IsWritten => $"{root.Name}'s elements are written by this kernel",
            _ => null,
        };
    }

    private static IrVariable RootOf(IrExpression expression) => expression switch
    {
        IrRead read => read.Variable,
        IrFieldOf field => RootOf(field.Instance),
        IrElement element => RootOf(element.View),
        IrSubView sub => RootOf(sub.View),
        IrCast cast => RootOf(cast.View),
        _ => new IrVariable("", ScalarType.Int),
    };
}
