using Microsoft.CodeAnalysis;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>C# types as device types.</summary>
internal sealed class TypeReader(KernelReader kernel)
{
    private readonly Dictionary<ITypeSymbol, StructType> structs = new(SymbolEqualityComparer.Default);

    /// <summary>The device's type; int after a diagnostic, so that reading goes on.</summary>
    public IrType Read(ITypeSymbol type, Location at, Space space)
    {
        if (type.TypeKind == TypeKind.Enum)
            type = ((INamedTypeSymbol)type).EnumUnderlyingType!;
        if (ScalarType.Of(type.SpecialType) is { } scalar)
            return scalar;
        if (IsView(type, out ITypeSymbol? element))
            return new ViewType(ReadElement(element!, at), space);
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Struct, IsRefLikeType: false, IsTupleType: false, SpecialType: SpecialType.None } named && !IsFramework(named))
            return ReadStruct(named, at);

        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer || type.IsRefLikeType)
            kernel.Report(Rules.Pointer, at);
        else if (type.TypeKind == TypeKind.Delegate)
            kernel.Report(Rules.Lambda, at);
        else if (type.IsReferenceType)
            kernel.Report(Rules.Class, at, type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        else
            kernel.Report(Rules.NotBlittable, at, "Type", type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), "use numbers and structs of numbers");
        return ScalarType.Int;
    }

    public static bool IsView(ITypeSymbol type, out ITypeSymbol? element)
    {
        element = type is INamedTypeSymbol { Name: "ArrayView", Arity: 1, ContainingNamespace: { Name: "ILGPU", ContainingNamespace.IsGlobalNamespace: true } } view ? view.TypeArguments[0] : null;
        return element is not null;
    }

    private IrType ReadElement(ITypeSymbol element, Location at)
    {
        IrType read = Read(element, at, Space.Global);
        if (read == ScalarType.Bool)
            kernel.Report(Rules.NotBlittable, at, "ArrayView", "bool", "use int");
        return read;
    }

    private StructType ReadStruct(INamedTypeSymbol named, Location at)
    {
        if (structs.TryGetValue(named, out StructType? known))
            return known;
        List<IrField> fields = [];
        foreach (IFieldSymbol field in named.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic))
        {
            Location place = field.Locations.FirstOrDefault(static location => location.IsInSource) ?? at;
            ISymbol visible = field.AssociatedSymbol ?? field;
            if (field.AssociatedSymbol is null && field.IsImplicitlyDeclared)
            {
                kernel.Report(Rules.Construct, place, $"A primary constructor's parameter that {named.Name} keeps", "declare a field, or make it a record struct");
                continue;
            }
            IrType type = Read(field.Type, place, Space.Global);
            if (type == ScalarType.Bool)
                kernel.Report(Rules.NotBlittable, place, $"{named.Name}.{visible.Name}", "bool", "use an int");
            if (field.Type.TypeKind == TypeKind.Enum)
                kernel.Report(Rules.NotBlittable, place, $"{named.Name}.{visible.Name}", "an enum in a struct", "use an int, or pass the enum as a parameter");
            if (type is ViewType)
                kernel.Report(Rules.NotBlittable, place, $"{named.Name}.{visible.Name}", "ArrayView", "make the view a parameter of its own");
            if (visible.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.NotApplicable)
                kernel.Report(Rules.NotBlittable, place, $"{named.Name}.{visible.Name}", "a private field", "make it internal or public");
            fields.Add(new IrField(visible.Name, type));
        }
        for (INamedTypeSymbol? outer = named; outer is not null; outer = outer.ContainingType)
        {
            if (outer.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected)
                kernel.Report(Rules.NotBlittable, named.Locations[0], named.Name, "a private type", "make it internal or public, so that the launcher can name it");
        }
        string? builtIn = Intrinsics.OpenClForm(named);
        StructType made = new(named, builtIn ?? UniqueName(named), named.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), fields) { IsBuiltIn = builtIn is not null };
        structs.Add(named, made);
        kernel.Kernel.Structs.Add(made);
        return made;
    }

    private string UniqueName(INamedTypeSymbol named)
    {
        string name = named.Name + string.Concat(named.TypeArguments.Select(static argument => "_" + argument.Name));
        string unique = name;
        for (int i = 2; kernel.Kernel.Structs.Any(other => other.Cl == unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    private static bool IsFramework(INamedTypeSymbol named) => named.Locations.All(static location => !location.IsInSource) && named.ContainingNamespace.ToDisplayString().StartsWith("System", StringComparison.Ordinal);
}
