using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>Reads the body of one method for one choice of type arguments.</summary>
internal sealed partial class FunctionReader
{
    private readonly KernelReader kernel;
    private readonly IMethodSymbol method;
    private readonly bool isKernel;
    private readonly Dictionary<ITypeParameterSymbol, ITypeSymbol> typeArguments = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IrVariable> variables = new(SymbolEqualityComparer.Default);

    // A ref local that names an element: it is read as that element wherever it stands.
    private readonly Dictionary<ISymbol, IrElement> aliases = new(SymbolEqualityComparer.Default);
    private IrVariable? self;

    public FunctionReader(KernelReader kernel, IrFunction function, IMethodSymbol method, bool isKernel)
    {
        this.kernel = kernel;
        this.method = method;
        this.isKernel = isKernel;
        Function = function;
        for (int i = 0; i < method.TypeParameters.Length; i++)
            typeArguments[method.OriginalDefinition.TypeParameters[i]] = method.TypeArguments[i];
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            for (int i = 0; i < type.TypeParameters.Length; i++)
                typeArguments[type.OriginalDefinition.TypeParameters[i]] = type.TypeArguments[i];
        }
    }

    public IrFunction Function { get; }

    public static FunctionReader For(KernelReader kernel, IMethodSymbol method, string name, IReadOnlyList<Space?> spaces, bool selfByReference)
    {
        Location at = method.Locations[0];
        ITypeSymbol result = method.MethodKind == MethodKind.Constructor ? method.ContainingType : method.ReturnType;
        // A view that is returned is in the memory of the first view that came in: nothing else can be meant without a heap.
        Space returned = spaces.FirstOrDefault(static space => space is not null) ?? Space.Global;
        FunctionReader reader = new(kernel, new IrFunction(name, kernel.Types.Read(result, at, returned), at) { IsConstructor = method.MethodKind == MethodKind.Constructor, ClForm = Intrinsics.OpenClForm(method) }, method, isKernel: false);
        if (!method.IsStatic && method.MethodKind != MethodKind.Constructor)
        {
            reader.self = new IrVariable("self", kernel.Types.Read(method.ContainingType, at, Space.Global)) { IsReference = selfByReference };
            reader.Function.Parameters.Add(reader.self);
        }
        int i = 0;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            IrType type = kernel.Types.Read(parameter.Type, parameter.Locations.FirstOrDefault() ?? at, spaces[i++] ?? Space.Global);
            reader.AddParameter(parameter.OriginalDefinition, type, parameter.RefKind is RefKind.Ref or RefKind.Out);
        }
        return reader;
    }

    public ITypeSymbol Substitute(ITypeSymbol type)
    {
        if (type is ITypeParameterSymbol parameter)
            return typeArguments.TryGetValue(parameter, out ITypeSymbol? argument) ? argument : type;
        if (type is INamedTypeSymbol { IsGenericType: true, IsUnboundGenericType: false } named && named.ContainingType is null)
            return named.ConstructedFrom.Construct([.. named.TypeArguments.Select(Substitute)]);
        return type;
    }

    public void AddParameter(IParameterSymbol parameter, IrType type, bool isReference)
    {
        IrVariable variable = new(parameter.Name, type) { IsReference = isReference };
        variables[parameter.OriginalDefinition] = variable;
        variables[parameter] = variable;
        Function.Parameters.Add(variable);
    }

    public void ReadBody()
    {
        kernel.Cancellation.ThrowIfCancellationRequested();
        SyntaxNode syntax = method.DeclaringSyntaxReferences[0].GetSyntax(kernel.Cancellation);
        Function.Comments = CommentsAbove(syntax);
        if (method.MethodKind == MethodKind.Constructor)
        {
            ReadConstructor(syntax);
            return;
        }
        IOperation? operation = kernel.Compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, kernel.Cancellation);
        IBlockOperation? body = operation switch
        {
            IMethodBodyOperation whole => whole.BlockBody ?? whole.ExpressionBody,
            IBlockOperation block => block,
            _ => null,
        };
        if (body is null)
        {
            kernel.Report(Rules.Unknown, Function.Location, method.Name, "a method with a body is needed");
            Function.Body = new IrBlock([]);
            return;
        }
        Function.Body = ReadBlock(body, isOutermost: true);
    }

    private void ReadConstructor(SyntaxNode syntax)
    {
        // self starts as zeros and is returned at the end; a positional record's parameters are its properties.
        self = new IrVariable("self", Function.Result);
        List<IrStatement> statements = [new IrDeclare(self, new IrNew((StructType)Function.Result, []))];
        if (syntax is ConstructorDeclarationSyntax declaration && kernel.Compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(declaration, kernel.Cancellation) is IConstructorBodyOperation body)
        {
            if (body.Initializer is not null)
                Unsupported(body.Initializer, "a call of another constructor", "assign the fields in this one");
            if ((body.BlockBody ?? body.ExpressionBody) is { } block)
                statements.AddRange(ReadBlock(block, isOutermost: false).Statements);
        }
        else
        {
            kernel.Report(Rules.Construct, Function.Location, "A primary constructor of a struct that is not a record", "declare the fields and assign them in an ordinary constructor");
        }
        statements.Add(new IrReturn(new IrRead(self)));
        Function.Body = new IrBlock(statements);
    }

    private static IReadOnlyList<string> CommentsAbove(SyntaxNode syntax) =>
    [
        .. syntax.GetLeadingTrivia().Where(static trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)).Select(static trivia => trivia.ToString()),
    ];

    private void Unsupported(IOperation operation, string what, string remedy) => kernel.Report(Rules.Construct, operation.Syntax.GetLocation(), what, remedy);
}
