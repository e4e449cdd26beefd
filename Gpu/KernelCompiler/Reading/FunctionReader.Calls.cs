using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>Calls: of the device's own functions, of views' members, of methods with source.</summary>
internal sealed partial class FunctionReader
{
    private IrExpression ReadInvocation(IInvocationOperation call)
    {
        IMethodSymbol target = call.TargetMethod;
        string type = target.ContainingType.ToDisplayString();
        Location at = call.Syntax.GetLocation();
        ImmutableArray<IOperation> arguments = [.. call.Arguments.OrderBy(static argument => argument.Parameter?.Ordinal ?? 0).Select(static argument => argument.Value)];

        if (TypeReader.IsView(target.ContainingType, out _))
            return ReadViewCall(call, arguments);
        if (IsUnroll(call))
        {
            if (call.Parent is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Parent: IVariableDeclarationOperation { Parent: IVariableDeclarationGroupOperation { Parent: IForLoopOperation } } } })
                kernel.Report(Rules.Loop, at, "it stands elsewhere");
            return Read(arguments[0]);
        }
        if (type == "ILGPU.Atomic")
            return ReadAtomic(call, arguments);
        if (type is "ILGPU.SharedMemory" or "ILGPU.LocalMemory")
        {
            kernel.Report(Rules.ArrayPlace, at, $"{target.ContainingType.Name}.{target.Name}", "");
            return Unread;
        }
        if (type == "ILGPU.Group" && target.Name == "Barrier")
        {
            Unsupported(call, "A barrier in an expression", "make it a statement of its own");
            return Unread;
        }
        if (target.Name == "FusedMultiplyAdd")
        {
            kernel.Report(Rules.FusedMultiplyAdd, at);
            return Unread;
        }
        if (target.MethodKind == MethodKind.DelegateInvoke)
        {
            kernel.Report(Rules.Lambda, at);
            return Unread;
        }
        if (Intrinsics.Function(target) is { } form)
            return new IrIntrinsic(TypeOf(call), form.Cl, form.Cs, null, [.. arguments.Select(Read)]);
        if (Intrinsics.Unportable(target) is { } unportable)
        {
            kernel.Report(Rules.NotPortable, at, $"{target.ContainingType.Name}.{target.Name}", unportable.Reason, unportable.Remedy);
            return Unread;
        }
        return Resolve(target, call.Instance, call.ConstrainedToType, call) is { } method ? Call(method, call.Instance, arguments, call) : Unread;
    }

    private IrExpression ReadViewCall(IInvocationOperation call, ImmutableArray<IOperation> arguments)
    {
        IrExpression view = Read(call.Instance!);
        switch (call.TargetMethod.Name)
        {
            case "SubView" when view.Type is ViewType:
                return new IrSubView(view, Read(arguments[0]), arguments.Length > 1 ? Read(arguments[1]) : null);
            case "Cast" when view.Type is ViewType:
                IrType element = kernel.Types.Read(Substitute(call.TargetMethod.TypeArguments[0]), call.Syntax.GetLocation(), Space.Global);
                return new IrCast(view, element);
            default:
                Unsupported(call, $"ArrayView.{call.TargetMethod.Name}", "kernels have elements, SubView and Cast");
                return Unread;
        }
    }

    private IrExpression ReadAtomic(IInvocationOperation call, ImmutableArray<IOperation> arguments)
    {
        Location at = call.Syntax.GetLocation();
        if (Target(arguments[0]) is not IrElement { View.Type: ViewType { Space: not Space.Private } } element)
        {
            kernel.Report(Rules.Atomic, at, call.TargetMethod.Name);
            return Unread;
        }
        return new IrAtomic(call.TargetMethod.Name, element, [.. arguments.Skip(1).Select(Read)]);
    }

    // The method that a call reaches: for a static abstract or interface member, the type argument's own. Null after a diagnostic.
    private IMethodSymbol? Resolve(IMethodSymbol target, IOperation? instance, ITypeSymbol? constrainedTo, IOperation at)
    {
        if (target.ContainingType.TypeKind == TypeKind.Interface)
        {
            ITypeSymbol? receiver = constrainedTo ?? instance?.Type;
            if (receiver is not null && Substitute(receiver) is INamedTypeSymbol { TypeKind: not TypeKind.Interface } concrete)
            {
                INamedTypeSymbol contract = (INamedTypeSymbol)Substitute(target.ContainingType);
                ISymbol? member = contract.GetMembers(target.Name).FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, target.OriginalDefinition));
                if (member is not null && concrete.FindImplementationForInterfaceMember(member) is IMethodSymbol { ContainingType.TypeKind: not TypeKind.Interface } found)
                    return Construct(found, target);
                kernel.Report(Rules.DefaultMember, at.Syntax.GetLocation(), $"{target.ContainingType.Name}.{target.Name}", concrete.Name);
            }
            else
            {
                Unsupported(at, "A call through an interface", "make the type a type parameter, constrained to the interface");
            }
            return null;
        }
        if (Substitute(target.ContainingType) is INamedTypeSymbol owner && !SymbolEqualityComparer.Default.Equals(owner, target.ContainingType))
            target = owner.GetMembers(target.Name).OfType<IMethodSymbol>().First(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, target.OriginalDefinition));
        return Construct(target, target);
    }

    private IMethodSymbol Construct(IMethodSymbol method, IMethodSymbol called) =>
        called.IsGenericMethod ? method.OriginalDefinition.Construct([.. called.TypeArguments.Select(Substitute)]) : method;

    private IrExpression Call(IMethodSymbol target, IOperation? instance, IReadOnlyList<IOperation> arguments, IOperation call)
    {
        bool resumable = ReferenceEquals(call, resumableCall);
        List<IrExpression> values = [];
        List<Space?> spaces = [];
        bool selfByReference = false;
        if (instance is not null)
        {
            IrExpression receiver = Read(instance);
            bool readOnly = target.IsReadOnly || target.ContainingType.IsReadOnly;
            selfByReference = !readOnly && IsVariable(receiver);
            if (!readOnly && !selfByReference && !target.IsStatic && target.AssociatedSymbol is null)
                kernel.Report(Rules.Space, instance.Syntax.GetLocation(), $"{target.Name} may change its struct, which must then be a local variable", "mark the method readonly or copy the struct to a local");
            values.Add(receiver);
        }
        for (int i = 0; i < arguments.Count; i++)
        {
            IrExpression value = arguments[i] is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } ? DeclareOut(declared) : Read(arguments[i]);
            bool byReference = i < target.Parameters.Length && target.Parameters[i].RefKind is RefKind.Ref or RefKind.Out;
            if (byReference && !IsVariable(value))
                kernel.Report(Rules.Space, arguments[i].Syntax.GetLocation(), "A ref or out argument must be a local variable or a field of one", "copy the element to a local, pass that, and write it back");
            // What was refused once is not complained about again.
            if (ReferenceEquals(value, Unread))
                return Unread;
            values.Add(value);
            spaces.Add((value.Type as ViewType)?.Space);
        }
        IrFunction? function = kernel.Function(target, spaces, selfByReference, call.Syntax.GetLocation());
        if (function is null)
            return Unread;
        if (function.HasBarrier && !resumable)
            Unsupported(call, $"A call of {target.Name}, which holds a barrier, inside an expression", "assign its result to a variable first");
        MarkWritten(function, values);
        return new IrCall(function, values);
    }

    // What a callee writes through a view parameter, the caller's view counts as written.
    private static void MarkWritten(IrFunction function, List<IrExpression> values)
    {
        for (int i = 0; i < Math.Min(function.Parameters.Count, values.Count); i++)
        {
            IrExpression root = values[i];
            while (root is IrSubView or IrCast)
                root = root is IrSubView sub ? sub.View : ((IrCast)root).View;
            if (function.Parameters[i].IsWritten && root is IrRead read)
                read.Variable.IsWritten = true;
        }
    }

    private IrRead DeclareOut(ILocalReferenceOperation declared)
    {
        IrVariable variable = Declare(declared.Local, kernel.Types.Read(Substitute(declared.Local.Type), declared.Syntax.GetLocation(), Space.Global));
        pending.Add(new IrDeclare(variable, null) { Location = declared.Syntax.GetLocation() });
        return new IrRead(variable);
    }

    private static bool IsVariable(IrExpression expression) => expression switch
    {
        IrRead => true,
        IrFieldOf field => IsVariable(field.Instance),
        _ => false,
    };

    private IrExpression ReadCreation(IObjectCreationOperation creation)
    {
        Location at = creation.Syntax.GetLocation();
        if (Substitute(creation.Type!) is not INamedTypeSymbol { TypeKind: TypeKind.Struct } type)
        {
            kernel.Report(Rules.Class, at, creation.Type!.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            return Unread;
        }
        if (kernel.Types.Read(type, at, Space.Global) is not StructType made)
            return Unread;
        List<(string, IrExpression)> values = [];
        IMethodSymbol constructor = creation.Constructor!;
        if (type.IsRecord && !constructor.IsImplicitlyDeclared && constructor.DeclaringSyntaxReferences[0].GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.RecordDeclarationSyntax)
        {
            values.AddRange(creation.Arguments.Select(argument => (argument.Parameter!.Name, Read(argument.Value))));
        }
        else if (!constructor.IsImplicitlyDeclared)
        {
            if (creation.Initializer is not null)
                Unsupported(creation, "A constructor together with an object initialiser", "use one of them");
            return Call(constructor, null, [.. creation.Arguments.OrderBy(static argument => argument.Parameter!.Ordinal).Select(static argument => argument.Value)], creation);
        }
        foreach (IOperation member in creation.Initializer?.Initializers ?? [])
        {
            if (member is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var named }, Value: var value })
                values.Add((named.Name, Read(value)));
            else
                Unsupported(member, "This initialiser", "assign fields");
        }
        return new IrNew(made, values);
    }
}
