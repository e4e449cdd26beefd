using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>Expressions other than calls.</summary>
internal sealed partial class FunctionReader
{
    private static readonly IrConstant Unread = new(ScalarType.Int, 0, null);

    private IrExpression Read(IOperation operation)
    {
        if (operation.ConstantValue.HasValue && operation.ConstantValue.Value is { } value && Constant(operation, value) is { } constant)
            return constant;
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return aliases.TryGetValue(local.Local, out IrElement? element) ? element
                    : variables.TryGetValue(local.Local, out IrVariable? variable) ? new IrRead(variable)
                    : Unread;
            case IParameterReferenceOperation parameter:
                if (variables.TryGetValue(parameter.Parameter, out IrVariable? argument))
                    return new IrRead(argument);
                Unsupported(parameter, $"The primary constructor's parameter {parameter.Parameter.Name}", "declare a field or use a record struct");
                return Unread;
            case IInstanceReferenceOperation when self is not null:
                return new IrRead(self);
            case IFieldReferenceOperation { Field.IsStatic: true } field:
                kernel.Report(Rules.Static, field.Syntax.GetLocation(), field.Field.Name);
                return Unread;
            case IFieldReferenceOperation { Instance: { } instance } field:
                return ReadField(Read(instance), field.Field.Name, field);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IParenthesizedOperation inner:
                return Read(inner.Operand);
            case IConversionOperation conversion:
                return ReadConversion(conversion);
            case IBinaryOperation { OperatorMethod: { } method } binary:
                return Call(method, null, [binary.LeftOperand, binary.RightOperand], binary);
            case IBinaryOperation binary:
                return ReadBinary(binary);
            case IUnaryOperation { OperatorMethod: { } method } unary:
                return Call(method, null, [unary.Operand], unary);
            case IUnaryOperation unary:
                return new IrUnary(TypeOf(unary), unary.OperatorKind switch { UnaryOperatorKind.Minus => "-", UnaryOperatorKind.Not => "!", UnaryOperatorKind.BitwiseNegation => "~", _ => "+" }, Read(unary.Operand));
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                // What a type argument decides is decided here: the other side is not even read.
                IrExpression condition = Read(choice.Condition);
                return Decide(condition) is { } known ? Read(known ? choice.WhenTrue : otherwise) : new IrChoice(TypeOf(choice), condition, Read(choice.WhenTrue), Read(otherwise));
            case ISimpleAssignmentOperation assignment:
                return ReadAssignment(assignment);
            case ICompoundAssignmentOperation { OperatorMethod: { } method } compound:
                return new IrAssign(Target(compound.Target), "=", Call(method, null, [compound.Target, compound.Value], compound));
            case ICompoundAssignmentOperation compound:
                return ReadCompound(compound);
            case IIncrementOrDecrementOperation { OperatorMethod: null } step:
                return new IrStep(Target(step.Target), step.Kind == OperationKind.Increment ? "++" : "--", step.IsPostfix);
            case IInvocationOperation call:
                return ReadInvocation(call);
            case IDefaultValueOperation:
                return Default(kernel.Types.Read(Substitute(operation.Type!), operation.Syntax.GetLocation(), Space.Global), operation);
            case IObjectCreationOperation creation:
                return ReadCreation(creation);
            default:
                return Refuse(operation);
        }
    }

    // A named integer keeps its name, and an expression of constants its shape: the OpenCL source reads like the C#.
    private IrExpression? Constant(IOperation operation, object value)
    {
        if (operation.Type is null || value is string or char)
            return null;
        IrType type = kernel.Types.Read(operation.Type, operation.Syntax.GetLocation(), Space.Global);
        if (type != ScalarType.Int)
            return new IrConstant(type, value, null);
        ISymbol? named = operation switch { IFieldReferenceOperation field => field.Field, ILocalReferenceOperation local => local.Local, _ => null };
        if (named is not null && operation.Type.TypeKind != TypeKind.Enum)
            return new IrConstant(type, value, NamedConstant(named.Name, value));
        return operation is IBinaryOperation or IParenthesizedOperation ? null : new IrConstant(type, value, null);
    }

    private string? NamedConstant(string name, object value)
    {
        if (kernel.Kernel.Constants.TryGetValue(name, out object? known))
            return known.Equals(value) ? name : null;
        kernel.Kernel.Constants.Add(name, value);
        return name;
    }

    private IrExpression ReadField(IrExpression instance, string name, IOperation operation)
    {
        IrField? field = (instance.Type as StructType)?.Fields.FirstOrDefault(candidate => candidate.Name == name);
        if (field is not null)
            return new IrFieldOf(instance, field);
        Unsupported(operation, $"The member {name}", "use fields and automatic properties of structs");
        return Unread;
    }

    private IrExpression ReadProperty(IPropertyReferenceOperation operation)
    {
        IPropertySymbol property = operation.Property;
        if (Intrinsics.Coordinate(property, (kernel.Kernel.X, kernel.Kernel.Y, kernel.Kernel.Z)) is { } coordinate)
            return new IrIntrinsic(ScalarType.Int, coordinate.Cl, coordinate.Cs, coordinate.Varies ? $"{property.ContainingType.Name}.{property.Name} differs" : null, []);
        if (property.IsIndexer && operation.Instance is not null && TypeReader.IsView(operation.Instance.Type!, out _))
            return ReadElement(operation);
        if (TypeReader.IsView(property.ContainingType, out _))
        {
            Unsupported(operation, $"ArrayView.{property.Name}", "pass the length as an argument: OpenCL hands a kernel a pointer");
            return Unread;
        }
        if (property.GetMethod is null)
            return Refuse(operation);
        if (Resolve(property.GetMethod, operation.Instance, operation.ConstrainedToType, operation) is not { } getter)
            return Unread;
        if (getter.AssociatedSymbol is IPropertySymbol found && IsAutomatic(found) && operation.Instance is not null)
            return ReadField(Read(operation.Instance), found.Name, operation);
        if (getter.IsStatic && ConstantResult(getter) is { } constant)
            return new IrConstant(kernel.Types.Read(Substitute(getter.ReturnType), operation.Syntax.GetLocation(), Space.Global), constant, null);
        return Call(getter, operation.Instance, [], operation);
    }

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    // static int Width => 8, as a static abstract property's implementation: known at compile time, so that it can be an array's length.
    private object? ConstantResult(IMethodSymbol getter)
    {
        if (getter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(kernel.Cancellation) is not { } syntax)
            return null;
        IOperation? body = kernel.Compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, kernel.Cancellation);
        IBlockOperation? block = body as IBlockOperation ?? (body as IMethodBodyOperation)?.BlockBody ?? (body as IMethodBodyOperation)?.ExpressionBody;
        IReturnOperation? returned = block is { Operations.Length: 1 } ? block.Operations[0] as IReturnOperation : null;
        return returned?.ReturnedValue?.ConstantValue is { HasValue: true, Value: { } value } ? value : null;
    }

    private IrElement ReadElement(IPropertyReferenceOperation operation)
    {
        IrExpression view = Read(operation.Instance!);
        IOperation index = operation.Arguments[0].Value;
        // int widened to long for the sake of the indexer: the pointer arithmetic does that anyway.
        while (index is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
            index = conversion.Operand;
        if (view.Type is not ViewType)
            view = new IrRead(new IrVariable("unread", new ViewType(ScalarType.Int, Space.Global)));
        return new IrElement(view, Read(index), kernel.Site(operation.Syntax.GetLocation(), operation.Instance!.Syntax.ToString()));
    }

    private IrExpression ReadConversion(IConversionOperation conversion)
    {
        if (conversion.OperatorMethod is { } method)
            return Call(method, null, [conversion.Operand], conversion);
        if (conversion.Type is { IsReferenceType: true })
        {
            kernel.Report(Rules.Class, conversion.Syntax.GetLocation(), conversion.Type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            return Unread;
        }
        if (conversion.Type is { SpecialType: SpecialType.System_Single or SpecialType.System_Double } && Plain(conversion.Operand) is IConditionalOperation { WhenTrue: { ConstantValue: { HasValue: true, Value: int yes } }, WhenFalse: { ConstantValue: { HasValue: true, Value: int no } } } choice)
        {
            string suffix = conversion.Type.SpecialType == SpecialType.System_Single ? "f" : "d";
            kernel.Report(Rules.IntegerChoice, choice.Syntax.GetLocation(), $"{yes}{suffix} and {no}{suffix}");
        }
        IrExpression operand = Read(conversion.Operand);
        IrType type = kernel.Types.Read(Substitute(conversion.Type!), conversion.Syntax.GetLocation(), (operand.Type as ViewType)?.Space ?? Space.Global);
        if (type == operand.Type || type is not ScalarType)
            return operand;
        if (operand is IrConstant { Name: null, Value: int number } && type == ScalarType.Float && number is > -16777216 and < 16777216)
            return new IrConstant(type, (float)number, null);
        return new IrConvert(type, operand);
    }

    private static IOperation Plain(IOperation operation) => operation is IParenthesizedOperation inner ? Plain(inner.Operand) : operation;

    private IrExpression ReadBinary(IBinaryOperation binary)
    {
        IrExpression left = Read(binary.LeftOperand);
        IrExpression right = Read(binary.RightOperand);
        IrType type = TypeOf(binary);
        if (binary.IsChecked)
            Unsupported(binary, "Checked arithmetic", "use unchecked arithmetic; devices have no overflow check");
        if (binary.OperatorKind == BinaryOperatorKind.UnsignedRightShift)
            return UnsignedShift(type, left, right);
        string? symbol = Symbol(binary.OperatorKind);
        return symbol is null ? Refuse(binary) : new IrBinary(type, symbol, left, right);
    }

    private static IrExpression UnsignedShift(IrType type, IrExpression left, IrExpression right)
    {
        IrType unsigned = ScalarType.Of(type.Size == 8 ? SpecialType.System_UInt64 : SpecialType.System_UInt32)!;
        IrExpression shifted = new IrBinary(unsigned, ">>", left.Type == unsigned ? left : new IrConvert(unsigned, left), right);
        return type == unsigned ? shifted : new IrConvert(type, shifted);
    }

    private static string? Symbol(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => "+",
        BinaryOperatorKind.Subtract => "-",
        BinaryOperatorKind.Multiply => "*",
        BinaryOperatorKind.Divide => "/",
        BinaryOperatorKind.Remainder => "%",
        BinaryOperatorKind.LeftShift => "<<",
        BinaryOperatorKind.RightShift => ">>",
        BinaryOperatorKind.And => "&",
        BinaryOperatorKind.Or => "|",
        BinaryOperatorKind.ExclusiveOr => "^",
        BinaryOperatorKind.ConditionalAnd => "&&",
        BinaryOperatorKind.ConditionalOr => "||",
        BinaryOperatorKind.Equals => "==",
        BinaryOperatorKind.NotEquals => "!=",
        BinaryOperatorKind.LessThan => "<",
        BinaryOperatorKind.LessThanOrEqual => "<=",
        BinaryOperatorKind.GreaterThan => ">",
        BinaryOperatorKind.GreaterThanOrEqual => ">=",
        _ => null,
    };

    private IrExpression ReadAssignment(ISimpleAssignmentOperation assignment)
    {
        IrExpression target = Target(assignment.Target);
        IrExpression value = Read(assignment.Value);
        if (target.Type is ViewType to && value.Type is ViewType from && to.Space != from.Space)
            kernel.Report(Rules.Space, assignment.Syntax.GetLocation(), $"A view variable stays in one memory, but {assignment.Target.Syntax} is in {to.Space} and the new value in {from.Space} memory", "use two variables");
        return new IrAssign(target, "=", value);
    }

    private IrExpression ReadCompound(ICompoundAssignmentOperation compound)
    {
        if (compound.OperatorKind == BinaryOperatorKind.UnsignedRightShift)
        {
            IrExpression target = Target(compound.Target);
            return new IrAssign(target, "=", UnsignedShift(target.Type, Read(compound.Target), Read(compound.Value)));
        }
        return new IrAssign(Target(compound.Target), Symbol(compound.OperatorKind) + "=", Read(compound.Value));
    }

    // What an assignment may change: a variable, a field of one, or an element of a view.
    private IrExpression Target(IOperation operation)
    {
        IrExpression target = Read(operation);
        IrExpression root = target;
        while (root is IrFieldOf field)
            root = field.Instance;
        if (root is IrRead or IrElement || ReferenceEquals(root, Unread))
        {
            IrExpression viewRoot = root is IrElement element ? element.View : root;
            while (viewRoot is IrSubView or IrCast)
                viewRoot = viewRoot is IrSubView sub ? sub.View : ((IrCast)viewRoot).View;
            if (root is IrElement && viewRoot is IrRead view)
                view.Variable.IsWritten = true;
            return target;
        }
        return Refuse(operation);
    }

    private IrExpression Default(IrType type, IOperation operation)
    {
        if (type is StructType made)
            return new IrNew(made, []);
        if (type is not ViewType)
            return new IrConvert(type, new IrConstant(ScalarType.Int, 0, null));
        Unsupported(operation, "An empty view", "pass one in");
        return Unread;
    }

    private IrType TypeOf(IOperation operation) => kernel.Types.Read(Substitute(operation.Type!), operation.Syntax.GetLocation(), Space.Global);

    private IrExpression Refuse(IOperation operation)
    {
        Location at = operation.Syntax.GetLocation();
        switch (operation)
        {
            case ITypeOfOperation or IIsTypeOperation or IIsPatternOperation { Pattern: ITypePatternOperation or IDeclarationPatternOperation }:
                kernel.Report(Rules.Reflection, at);
                break;
            case IThrowOperation:
                kernel.Report(Rules.Throw, at);
                break;
            case IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation:
                kernel.Report(Rules.Lambda, at);
                break;
            case IAddressOfOperation:
                kernel.Report(Rules.Pointer, at);
                break;
            case IArrayCreationOperation or IArrayElementReferenceOperation or IInterpolatedStringOperation or ILiteralOperation { Type.SpecialType: SpecialType.System_String } or IAnonymousObjectCreationOperation:
                kernel.Report(Rules.Class, at, operation.Type?.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat) ?? "this");
                break;
            case { Kind: OperationKind.None } when operation.Syntax.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.StackAllocArrayCreationExpression) || operation.Syntax.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.PointerIndirectionExpression):
                kernel.Report(Rules.Pointer, at);
                break;
            default:
                Unsupported(operation, $"This expression ({operation.Kind}: {operation.Syntax})", "use arithmetic, conditions, structs and views");
                break;
        }
        return Unread;
    }

    /// <summary>The value of a condition on constants, or null.</summary>
    private static bool? Decide(IrExpression condition) => condition switch
    {
        IrConstant { Value: bool value } => value,
        IrUnary { Symbol: "!" } not => !Decide(not.Operand),
        IrBinary { Symbol: "&&" } both => Decide(both.Left) is false || Decide(both.Right) is false ? false : Decide(both.Left) & Decide(both.Right),
        IrBinary { Symbol: "||" } either => Decide(either.Left) is true || Decide(either.Right) is true ? true : Decide(either.Left) | Decide(either.Right),
        IrBinary binary when Fold(binary.Left) is { } left && Fold(binary.Right) is { } right => binary.Symbol switch
        {
            "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => null,
        },
        _ => null,
    };

    /// <summary>The value of an integer expression of constants, or null.</summary>
    private static int? Fold(IrExpression expression) => expression switch
    {
        IrConstant { Value: int value } => value,
        IrBinary { Symbol: "+" } sum => Fold(sum.Left) + Fold(sum.Right),
        IrBinary { Symbol: "-" } difference => Fold(difference.Left) - Fold(difference.Right),
        IrBinary { Symbol: "*" } product => Fold(product.Left) * Fold(product.Right),
        IrBinary { Symbol: "/" } quotient when Fold(quotient.Right) is not 0 => Fold(quotient.Left) / Fold(quotient.Right),
        _ => null,
    };
}
