using Microsoft.CodeAnalysis;

namespace NativeFree.KernelCompiler.Ir;

/// <summary>A statement, with its place in the C# source and the comments above it.</summary>
internal abstract class IrStatement
{
    public Location Location { get; set; } = Location.None;

    public IReadOnlyList<string> Comments { get; set; } = [];

    /// <summary>Whether a barrier stands in it, or in a function that it calls.</summary>
    public virtual bool HasBarrier => false;
}

internal sealed class IrDeclare(IrVariable variable, IrExpression? value) : IrStatement
{
    public IrVariable Variable { get; } = variable;

    public IrExpression? Value { get; } = value;

    public override bool HasBarrier => Value is IrCall { Function.HasBarrier: true };
}

/// <summary>A shared or local array of constant length.</summary>
internal sealed class IrArray(IrVariable variable, int length, IrExpression lengthText, int offset) : IrStatement
{
    public IrVariable Variable { get; } = variable;

    public int Length { get; } = length;

    /// <summary>The length as the source writes it.</summary>
    public IrExpression LengthText { get; } = lengthText;

    /// <summary>Bytes from the start of the emulator's block.</summary>
    public int Offset { get; } = offset;
}

internal sealed class IrEvaluate(IrExpression expression) : IrStatement
{
    public IrExpression Expression { get; } = expression;

    public override bool HasBarrier => Expression is IrCall { Function.HasBarrier: true } or IrAssign { Value: IrCall { Function.HasBarrier: true } };
}

internal sealed class IrBlock(IReadOnlyList<IrStatement> statements) : IrStatement
{
    public IReadOnlyList<IrStatement> Statements { get; } = statements;

    public override bool HasBarrier => Statements.Any(static statement => statement.HasBarrier);
}

internal sealed class IrIf(IrExpression condition, IrBlock then, IrBlock? otherwise) : IrStatement
{
    public IrExpression Condition { get; } = condition;

    public IrBlock Then { get; } = then;

    public IrBlock? Otherwise { get; } = otherwise;

    public override bool HasBarrier => Then.HasBarrier || Otherwise is { HasBarrier: true };
}

internal sealed class IrFor(IReadOnlyList<IrStatement> before, IrExpression? condition, IReadOnlyList<IrExpression> atBottom, IrBlock body, bool isUnrolled) : IrStatement
{
    public IReadOnlyList<IrStatement> Before { get; } = before;

    public IrExpression? Condition { get; } = condition;

    public IReadOnlyList<IrExpression> AtBottom { get; } = atBottom;

    public IrBlock Body { get; } = body;

    public bool IsUnrolled { get; } = isUnrolled;

    public override bool HasBarrier => Body.HasBarrier;
}

internal sealed class IrWhile(IrExpression condition, IrBlock body, bool testsFirst) : IrStatement
{
    public IrExpression Condition { get; } = condition;

    public IrBlock Body { get; } = body;

    public bool TestsFirst { get; } = testsFirst;

    public override bool HasBarrier => Body.HasBarrier;
}

/// <summary>A switch on constants; a section without constants is the default.</summary>
internal sealed class IrSwitch(IrExpression value, IReadOnlyList<(IReadOnlyList<IrConstant> Cases, bool IsDefault, IrBlock Body)> sections) : IrStatement
{
    public IrExpression Value { get; } = value;

    public IReadOnlyList<(IReadOnlyList<IrConstant> Cases, bool IsDefault, IrBlock Body)> Sections { get; } = sections;
}

internal sealed class IrBreak : IrStatement;

internal sealed class IrContinue : IrStatement;

internal sealed class IrReturn(IrExpression? value) : IrStatement
{
    public IrExpression? Value { get; } = value;

    public override bool HasBarrier => Value is IrCall { Function.HasBarrier: true };
}

internal sealed class IrBarrier(int site) : IrStatement
{
    public int Site { get; } = site;

    public override bool HasBarrier => true;
}
