using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NativeFree.KernelCompiler.Checking;
using NativeFree.KernelCompiler.Ir;
using NativeFree.KernelCompiler.Reading;
using NativeFree.KernelCompiler.Writing;

namespace NativeFree.KernelCompiler;

/// <summary>One [Kernel] method: checks its declaration, reads it for each choice of type arguments, and has the sources written when nothing is wrong.</summary>
internal static class MethodCompiler
{
    private const string SpecializeAttribute = "NativeFree.Gpu.SpecializeAttribute";

    public static CompiledMethod Compile(IMethodSymbol method, AttributeData attribute, Compilation compilation, CancellationToken cancellation)
    {
        List<ReportedDiagnostic> diagnostics = [];
        (int X, int Y, int Z) group = (Extent(attribute, 0), Extent(attribute, 1), Extent(attribute, 2));
        CheckDeclaration(method, diagnostics);
        List<Specialization> specializations = diagnostics.Count > 0 ? [] : Specializations(method, compilation, diagnostics);
        List<Specialization> read = [];
        foreach (Specialization one in specializations)
        {
            KernelReader reader = new(compilation, cancellation);
            IrKernel kernel = reader.Read(one.Method, one.Name, group);
            if (reader.Diagnostics.Count == 0)
                Uniformity.Check(reader);
            diagnostics.AddRange(reader.Diagnostics.Select((diagnostic, i) => ReportedDiagnostic.From(diagnostic, reader.Arguments[i])));
            read.Add(one with { Kernel = kernel });
        }
        string file = $"{method.ContainingType.ToDisplayString()}.{method.Name}.g.cs";
        bool ilgpu = method.DeclaringSyntaxReferences[0].SyntaxTree.Options is CSharpParseOptions options && options.PreprocessorSymbolNames.Contains("ILGPU");
        if (diagnostics.Count > 0)
            return new CompiledMethod(file, null, new EquatableList<string>([]), new EquatableList<ReportedDiagnostic>([.. diagnostics.Distinct()]));
        string space = method.ContainingNamespace.IsGlobalNamespace ? "global::" : $"global::{method.ContainingNamespace.ToDisplayString()}.";
        IEnumerable<string> programs = read.Select(one => $"{space}{LauncherWriter.ClassFor(method.ContainingType)}.{one.Name}Program");
        return new CompiledMethod(file, LauncherWriter.Write(method, group, read, ilgpu), new EquatableList<string>([.. programs]), new EquatableList<ReportedDiagnostic>([]));
    }

    private static int Extent(AttributeData attribute, int index) => attribute.ConstructorArguments.Length > index && attribute.ConstructorArguments[index].Value is int value ? value : 1;

    private static void CheckDeclaration(IMethodSymbol method, List<ReportedDiagnostic> diagnostics)
    {
        void Refuse(string why) => diagnostics.Add(Report(Rules.Declaration, method, method.Name, why));

        if (!method.IsStatic || !method.ReturnsVoid)
            Refuse("a kernel is a static method that returns nothing; write its results into a view");
        if (method.ContainingType.IsGenericType || method.ContainingType.ContainingType is not null)
            Refuse("the class around a kernel is neither generic nor nested; move it out");
        if (method.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected)
            Refuse("a kernel is internal or public, so that its launcher can name it");
        if (method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Count() > 1)
            Refuse("kernels have no overloads; give it a name of its own");
    }

    private static List<Specialization> Specializations(IMethodSymbol method, Compilation compilation, List<ReportedDiagnostic> diagnostics)
    {
        string display = $"{method.ContainingType.Name}.{method.Name}";
        if (!method.IsGenericMethod)
            return [new Specialization(method, method.Name, display, null)];
        List<Specialization> found = [];
        foreach (AttributeData attribute in method.GetAttributes().Where(static attribute => attribute.AttributeClass?.ToDisplayString() == SpecializeAttribute))
        {
            ITypeSymbol[] types = [.. attribute.ConstructorArguments.SelectMany(static argument => argument.Kind == TypedConstantKind.Array ? [.. argument.Values] : new[] { argument }).Select(static argument => argument.Value).OfType<ITypeSymbol>()];
            if (types.Length != method.TypeParameters.Length || !method.TypeParameters.Zip(types, (parameter, type) => Satisfies(parameter, type, compilation)).All(static fits => fits))
                continue;
            found.Add(new Specialization(method.Construct(types), method.Name + string.Concat(types.Select(static type => "_" + type.Name)), $"{display}<{string.Join(", ", types.Select(static type => type.Name))}>", null));
        }
        if (found.Count == 0 || found.Count < method.GetAttributes().Count(static attribute => attribute.AttributeClass?.ToDisplayString() == SpecializeAttribute))
            diagnostics.Add(Report(Rules.Generic, method, method.Name, method.TypeParameters.Length));
        return found;
    }

    private static bool Satisfies(ITypeParameterSymbol parameter, ITypeSymbol type, Compilation compilation) =>
        (!parameter.HasValueTypeConstraint || type.IsValueType)
        && parameter.ConstraintTypes.All(constraint => constraint is INamedTypeSymbol { IsGenericType: true } || compilation.ClassifyConversion(type, constraint) is { IsImplicit: true });

    private static ReportedDiagnostic Report(DiagnosticDescriptor rule, IMethodSymbol method, params object[] arguments) =>
        ReportedDiagnostic.From(Diagnostic.Create(rule, method.Locations[0], arguments), arguments);
}
