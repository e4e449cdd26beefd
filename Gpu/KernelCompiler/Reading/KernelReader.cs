using Microsoft.CodeAnalysis;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>
/// Reads one kernel, for one choice of type arguments, with everything it calls: from the compiler's operation trees into the few constructs that devices have. What has no
/// counterpart becomes a diagnostic at its place.
/// </summary>
internal sealed class KernelReader
{
    // What every full-profile OpenCL 1.2 device has.
    private const int SharedLimit = 32 * 1024;

    private readonly Dictionary<string, IrFunction> functions = [];
    private readonly HashSet<string> functionNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> reported = [];

    public KernelReader(Compilation compilation, CancellationToken cancellation)
    {
        Compilation = compilation;
        Cancellation = cancellation;
        Types = new TypeReader(this);
    }

    public Compilation Compilation { get; }

    public CancellationToken Cancellation { get; }

    public TypeReader Types { get; }

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>The words in each diagnostic's sentence.</summary>
    public List<object[]> Arguments { get; } = [];

    public IrKernel Kernel { get; private set; } = null!;

    /// <summary>Reads the kernel; diagnostics tell whether it may be used.</summary>
    public IrKernel Read(IMethodSymbol method, string name, (int X, int Y, int Z) group)
    {
        Location place = method.Locations[0];
        functionNames.Add(name);
        IrFunction entry = new(name, ScalarType.Void, place);
        Kernel = new IrKernel(entry, group.X, group.Y, group.Z);
        if (group.X < 1 || group.Y < 1 || group.Z < 1 || (long)group.X * group.Y * group.Z > 1024)
            Report(Rules.GroupSize, place, $"({group.X}, {group.Y}, {group.Z}) arrived");

        FunctionReader reader = new(this, entry, method, isKernel: true);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Location at = parameter.Locations.FirstOrDefault() ?? place;
            if (parameter.RefKind != RefKind.None)
                Report(Rules.ByReference, at, parameter.Name);
            IrType type = Types.Read(reader.Substitute(parameter.Type), at, Space.Global);
            if (type == ScalarType.Bool)
                Report(Rules.NotBlittable, at, parameter.Name, "bool", "pass an int");
            reader.AddParameter(parameter, type, false);
        }
        reader.ReadBody();
        Kernel.Functions.Add(entry);
        if (Kernel.SharedBytes > SharedLimit)
            Report(Rules.SharedSize, place, SharedLimit, Kernel.SharedBytes);
        return Kernel;
    }

    /// <summary>The function for a method and the memory spaces of the views it is given; read at its first use. Null after a diagnostic.</summary>
    public IrFunction? Function(IMethodSymbol method, IReadOnlyList<Space?> spaces, bool selfByReference, Location call)
    {
        string key = method.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + "(" + string.Join(",", method.Parameters.Select(p => p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))) + ")"
            + method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + string.Concat(spaces) + selfByReference;
        if (functions.TryGetValue(key, out IrFunction? known))
        {
            if (known.Body is null)
                Report(Rules.Recursion, call, method.Name);
            return known.Body is null ? null : known;
        }
        if (method.DeclaringSyntaxReferences.Length == 0)
        {
            Report(Rules.Unknown, call, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), "write it in this project or use one of the functions that docs/diagnostics.md lists");
            return null;
        }
        FunctionReader reader = FunctionReader.For(this, method, NameFor(method), spaces, selfByReference);
        functions.Add(key, reader.Function);
        reader.ReadBody();
        if (reader.Function.HasBarrier && reader.Function.Parameters.Any(static parameter => parameter.IsReference))
            Report(Rules.Space, reader.Function.Location, $"{method.Name} holds a barrier and has a ref parameter, which cannot outlive it", "return the value instead");
        Kernel.Functions.Add(reader.Function);
        return reader.Function;
    }

    /// <summary>Gives an access a number.</summary>
    public int Site(Location location, string what)
    {
        FileLinePositionSpan span = location.GetLineSpan();
        IrSite site = new(Path.GetFileName(span.Path), span.StartLinePosition.Line + 1, what);
        int known = Kernel.Sites.IndexOf(site);
        if (known >= 0)
            return known;
        Kernel.Sites.Add(site);
        return Kernel.Sites.Count - 1;
    }

    public void Report(DiagnosticDescriptor rule, Location location, params object[] arguments)
    {
        Diagnostic diagnostic = Diagnostic.Create(rule, location, arguments);
        if (!reported.Add(diagnostic.ToString()))
            return;
        Diagnostics.Add(diagnostic);
        Arguments.Add(arguments);
    }

    private string NameFor(IMethodSymbol method)
    {
        string plain = method.MethodKind switch
        {
            MethodKind.PropertyGet => method.AssociatedSymbol!.Name,
            MethodKind.Constructor => "create",
            MethodKind.UserDefinedOperator or MethodKind.Conversion => method.Name.Replace("op_", ""),
            _ => method.Name,
        };
        string name = method.ContainingType.Name + "_" + plain;
        string unique = name;
        for (int i = 2; !functionNames.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }
}
