using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>Statements.</summary>
internal sealed partial class FunctionReader
{
    // Variables that an `out var` argument declares: their declaration goes before the statement.
    private readonly List<IrStatement> pending = [];

    // The one call of the statement at hand that may hold a barrier, because the emulator can resume behind it.
    private IOperation? resumableCall;

    private IrBlock ReadBlock(IOperation? operation, bool isOutermost)
    {
        List<IrStatement> statements = [];
        IEnumerable<IOperation> children = operation is IBlockOperation block ? block.Operations : operation is null ? [] : [operation];
        foreach (IOperation child in children)
            ReadInto(statements, child, isOutermost);
        return new IrBlock(statements);
    }

    private void ReadInto(List<IrStatement> statements, IOperation operation, bool isOutermost)
    {
        int before = statements.Count;
        foreach (IrStatement statement in ReadStatement(operation, isOutermost))
        {
            statements.AddRange(pending);
            pending.Clear();
            if (statement.Location == Location.None)
                statement.Location = operation.Syntax.GetLocation();
            statements.Add(statement);
        }
        if (statements.Count > before && operation is not IBlockOperation)
            statements[before].Comments = CommentsAbove(operation.Syntax);
    }

    private IEnumerable<IrStatement> ReadStatement(IOperation operation, bool isOutermost)
    {
        switch (operation)
        {
            case IBlockOperation block:
                return [ReadBlock(block, isOutermost: false)];
            case IEmptyOperation:
                return [];
            case IVariableDeclarationGroupOperation group:
                return [.. group.Declarations.SelectMany(static declaration => declaration.Declarators).Select(declarator => ReadDeclaration(declarator, isOutermost)).OfType<IrStatement>()];
            case IExpressionStatementOperation { Operation: IInvocationOperation { TargetMethod: { Name: "Barrier" } target } barrier } when target.ContainingType.ToDisplayString() == "ILGPU.Group":
                return [new IrBarrier(kernel.Site(barrier.Syntax.GetLocation(), "Group.Barrier"))];
            case IExpressionStatementOperation expression:
                resumableCall = expression.Operation is ISimpleAssignmentOperation assignment ? assignment.Value : expression.Operation;
                return [new IrEvaluate(Read(expression.Operation))];
            case IConditionalOperation condition when Decide(Read(condition.Condition)) is { } known:
                return known ? [ReadBlock(condition.WhenTrue, false)] : condition.WhenFalse is null ? [] : [ReadBlock(condition.WhenFalse, false)];
            case IConditionalOperation condition:
                return [new IrIf(Read(condition.Condition), ReadBlock(condition.WhenTrue, false), condition.WhenFalse is null ? null : ReadBlock(condition.WhenFalse, false))];
            case IForLoopOperation loop:
                return [ReadFor(loop)];
            case IWhileLoopOperation { Condition: { } test } loop:
                return [new IrWhile(loop.ConditionIsUntil ? new IrUnary(ScalarType.Bool, "!", Read(test)) : Read(test), ReadBlock(loop.Body, false), loop.ConditionIsTop)];
            case ISwitchOperation choice:
                return [ReadSwitch(choice)];
            case IBranchOperation { BranchKind: BranchKind.Break }:
                return [new IrBreak()];
            case IBranchOperation { BranchKind: BranchKind.Continue }:
                return [new IrContinue()];
            case IReturnOperation returned:
                resumableCall = returned.ReturnedValue;
                if (returned.ReturnedValue is not null && Function.Result == ScalarType.Void)
                    return [new IrEvaluate(Read(returned.ReturnedValue))];
                return [new IrReturn(returned.ReturnedValue is null ? null : Read(returned.ReturnedValue))];
            case IThrowOperation thrown:
                kernel.Report(Rules.Throw, thrown.Syntax.GetLocation());
                return [];
            case ITryOperation or IUsingOperation or IUsingDeclarationOperation or ILockOperation:
                kernel.Report(Rules.Try, operation.Syntax.GetLocation());
                return [];
            case ILocalFunctionOperation function:
                Unsupported(function, "A local function", "make it a static method");
                return [];
            default:
                Unsupported(operation, $"This statement ({operation.Kind})", "use loops, conditions and assignments");
                return [];
        }
    }

    private IrStatement? ReadDeclaration(IVariableDeclaratorOperation declarator, bool isOutermost)
    {
        ILocalSymbol local = declarator.Symbol;
        IOperation? value = (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value;
        Location at = declarator.Syntax.GetLocation();
        if (local.IsConst)
            return null;
        if (local.IsRef)
            return ReadAlias(local, value!, at);
        if (ArrayAllocation(value) is { } allocation)
            return ReadArray(local, allocation, isOutermost, at);

        resumableCall = value;
        IrExpression? initial = value is null ? null : Read(value);
        IrType type = kernel.Types.Read(Substitute(local.Type), at, (initial?.Type as ViewType)?.Space ?? Space.Global);
        return new IrDeclare(Declare(local, type), initial) { Location = at };
    }

    private IrVariable Declare(ILocalSymbol local, IrType type)
    {
        IrVariable variable = new(local.Name, type);
        variables[local] = variable;
        return variable;
    }

    // ref float x = ref tile[i]: the index is kept, and x stands for tile[kept] from here on.
    private IrDeclare? ReadAlias(ILocalSymbol local, IOperation value, Location at)
    {
        if (Read(value) is not IrElement { View: IrRead } element)
        {
            kernel.Report(Rules.Space, at, $"ref {local.Name} must name an element of a view variable", "copy the value instead");
            return null;
        }
        if (element.Index is IrConstant)
        {
            aliases[local] = element;
            return null;
        }
        IrVariable index = new(local.Name + "Index", element.Index.Type);
        aliases[local] = new IrElement(element.View, new IrRead(index), element.Site);
        return new IrDeclare(index, element.Index) { Location = at };
    }

    private static IInvocationOperation? ArrayAllocation(IOperation? value)
    {
        while (value is IConversionOperation { OperatorMethod: null } conversion)
            value = conversion.Operand;
        return value is IInvocationOperation { TargetMethod: { Name: "Allocate" } target } call && target.ContainingType.ToDisplayString() is "ILGPU.SharedMemory" or "ILGPU.LocalMemory"
            ? (IInvocationOperation)value
            : null;
    }

    private IrStatement? ReadArray(ILocalSymbol local, IInvocationOperation allocation, bool isOutermost, Location at)
    {
        bool isShared = allocation.TargetMethod.ContainingType.Name == "SharedMemory";
        if (isShared && !(isKernel && isOutermost))
        {
            kernel.Report(Rules.ArrayPlace, at, "SharedMemory.Allocate", " of the kernel's outermost block; allocate it there and pass the view on");
            return null;
        }
        IrExpression length = Read(allocation.Arguments[0].Value);
        if (Fold(length) is not int count || count <= 0)
        {
            kernel.Report(Rules.ArraySize, at, local.Name, "use a const or a static abstract property that returns one");
            return null;
        }
        IrType element = kernel.Types.Read(Substitute(allocation.TargetMethod.TypeArguments[0]), at, Space.Global);
        IrVariable variable = Declare(local, new ViewType(element, isShared ? Space.Shared : Space.Private));
        int offset;
        const int vector = 16;
        if (isShared)
        {
            offset = (kernel.Kernel.SharedBytes + vector - 1) / vector * vector;
            kernel.Kernel.SharedBytes = offset + (count * element.Size);
        }
        else
        {
            offset = (kernel.Kernel.PrivateBytes + vector - 1) / vector * vector;
            kernel.Kernel.PrivateBytes = (offset + (count * element.Size) + vector - 1) / vector * vector;
        }
        return new IrArray(variable, count, length, offset) { Location = at };
    }

    private IrFor ReadFor(IForLoopOperation loop)
    {
        bool unrolled = false;
        List<IrStatement> before = [];
        foreach (IOperation operation in loop.Before)
        {
            if (operation is IVariableDeclarationGroupOperation group && UnrollCall(group) is { } call)
            {
                unrolled = true;
                CheckTrip(loop, call);
            }
            before.AddRange(ReadStatement(operation, isOutermost: false));
        }
        IrExpression? condition = loop.Condition is null ? null : Read(loop.Condition);
        List<IrExpression> bottom = [.. loop.AtLoopBottom.Select(operation => Read(operation is IExpressionStatementOperation statement ? statement.Operation : operation))];
        return new IrFor(before, condition, bottom, ReadBlock(loop.Body, false), unrolled);
    }

    private static IInvocationOperation? UnrollCall(IVariableDeclarationGroupOperation group) =>
        group.Declarations.SelectMany(static declaration => declaration.Declarators).Select(static declarator => declarator.Initializer?.Value as IInvocationOperation).FirstOrDefault(IsUnroll);

    private static bool IsUnroll(IInvocationOperation? call) => call?.TargetMethod is { Name: "From" } target && target.ContainingType.ToDisplayString() == "NativeFree.Gpu.Unroll";

    private void CheckTrip(IForLoopOperation loop, IInvocationOperation start)
    {
        bool constantBound = loop.Condition is IBinaryOperation { RightOperand: var bound } && Fold(Read(bound)) is int;
        bool constantStep = loop.AtLoopBottom.Length == 1 && loop.AtLoopBottom[0] is IExpressionStatementOperation { Operation: var step }
            && (step is IIncrementOrDecrementOperation || (step is ICompoundAssignmentOperation { Value: var by } && Fold(Read(by)) is int));
        if (Fold(Read(start.Arguments[0].Value)) is not int)
            kernel.Report(Rules.Loop, start.Syntax.GetLocation(), "the start is not constant");
        else if (!constantBound)
            kernel.Report(Rules.Loop, start.Syntax.GetLocation(), "the bound is not constant");
        else if (!constantStep)
            kernel.Report(Rules.Loop, start.Syntax.GetLocation(), "the step is not constant");
    }

    private IrSwitch ReadSwitch(ISwitchOperation choice)
    {
        IrExpression value = Read(choice.Value);
        List<(IReadOnlyList<IrConstant>, bool, IrBlock)> sections = [];
        foreach (ISwitchCaseOperation section in choice.Cases)
        {
            List<IrConstant> cases = [];
            bool isDefault = false;
            foreach (ICaseClauseOperation clause in section.Clauses)
            {
                if (clause is ISingleValueCaseClauseOperation single && Read(single.Value) is IrConstant constant)
                    cases.Add(constant);
                else if (clause is IDefaultCaseClauseOperation)
                    isDefault = true;
                else
                    Unsupported(clause, "A case that is not a constant", "use if");
            }
            List<IrStatement> body = [];
            foreach (IOperation statement in section.Body)
                ReadInto(body, statement, false);
            IrBlock block = new(body);
            if (block.HasBarrier)
                Unsupported(choice, "A barrier inside a switch", "use if");
            sections.Add((cases, isDefault, block));
        }
        return new IrSwitch(value, sections);
    }
}
