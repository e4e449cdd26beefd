using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Writing;

/// <summary>All statements and expressions of a body, outer before inner, in source order.</summary>
internal static class IrWalk
{
    public static IEnumerable<IrStatement> Statements(IrStatement statement)
    {
        yield return statement;
        IEnumerable<IrStatement> children = statement switch
        {
            IrBlock block => block.Statements,
            IrIf condition => condition.Otherwise is null ? [condition.Then] : [condition.Then, condition.Otherwise],
            IrFor loop => loop.Before.Concat([loop.Body]),
            IrWhile loop => [loop.Body],
            IrSwitch choice => choice.Sections.Select(static section => section.Body),
            _ => [],
        };
        foreach (IrStatement inner in children.SelectMany(Statements))
            yield return inner;
    }

    /// <summary>The expressions that a statement itself holds, with their parts.</summary>
    public static IEnumerable<IrExpression> Expressions(IrStatement statement)
    {
        IEnumerable<IrExpression?> own = statement switch
        {
            IrDeclare declaration => [declaration.Value],
            IrEvaluate evaluate => [evaluate.Expression],
            IrIf condition => [condition.Condition],
            IrFor loop => loop.AtBottom.Concat([loop.Condition]),
            IrWhile loop => [loop.Condition],
            IrSwitch choice => [choice.Value],
            IrReturn returned => [returned.Value],
            _ => [],
        };
        return own.OfType<IrExpression>().SelectMany(Parts);
    }

    public static IEnumerable<IrExpression> Parts(IrExpression expression)
    {
        IEnumerable<IrExpression> parts = expression switch
        {
            IrFieldOf field => [field.Instance],
            IrUnary unary => [unary.Operand],
            IrBinary binary => [binary.Left, binary.Right],
            IrChoice choice => [choice.Condition, choice.Yes, choice.No],
            IrConvert convert => [convert.Operand],
            IrCall call => call.Arguments,
            IrIntrinsic intrinsic => intrinsic.Arguments,
            IrElement element => [element.View, element.Index],
            IrAtomic atomic => atomic.Arguments.Concat([atomic.Target]),
            IrSubView sub => sub.Length is null ? [sub.View, sub.Offset] : [sub.View, sub.Offset, sub.Length],
            IrCast cast => [cast.View],
            IrAssign assign => [assign.Target, assign.Value],
            IrStep step => [step.Target],
            IrNew made => made.Values.Select(static value => value.Value),
            _ => [],
        };
        return new[] { expression }.Concat(parts.SelectMany(Parts));
    }
}
