using System.Globalization;
using Microsoft.CodeAnalysis;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Writing;

/// <summary>
/// A kernel as OpenCL C 1.2: structs, named constants, one function per helper, the kernel last. Views are pointers; a kernel takes each as a buffer and the number of its first
/// element.
/// </summary>
internal sealed class OpenClWriter : BodyWriter
{
    // Keywords and types of OpenCL C that C# allows as names, and the functions that the writer calls.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "kernel", "global", "local", "constant", "private", "generic", "half", "image2d_t", "sampler_t", "event_t", "read_only", "write_only", "read_write",
        "auto", "register", "restrict", "inline", "signed", "unsigned", "typedef", "union", "bool2", "size_t", "ptrdiff_t", "uchar", "pipe", "asm", "vec_step",
        "exp", "log", "tanh", "sqrt", "pow", "sin", "cos", "floor", "ceil", "trunc", "rint", "fabs", "copysign", "rsqrt", "max", "min", "abs", "isnan", "isinf", "isfinite", "as_int", "as_float", "barrier",
        "char", "short", "int", "uint", "long", "ulong", "float", "double", "ushort", "void", "M_PI",
    };

    private readonly IrKernel kernel;
    private readonly bool fencesGlobal;

    private OpenClWriter(IrKernel kernel)
    {
        this.kernel = kernel;
        fencesGlobal = GlobalFence.IsNeeded(kernel);
    }

    public static string Write(IrKernel kernel, string displayName)
    {
        OpenClWriter writer = new(kernel);
        writer.Program(displayName);
        return writer.Out.ToString();
    }

    private void Program(string displayName)
    {
        Line($"// {displayName}: groups of {kernel.X} x {kernel.Y} x {kernel.Z} work-items.");
        if (kernel.Functions.Any(static function => UsesDouble.In(function)))
            Line("#pragma OPENCL EXTENSION cl_khr_fp64 : enable");
        Line();
        if (kernel.Constants.Count > 0)
        {
            Line($"enum {{ {string.Join(", ", kernel.Constants.Select(static constant => $"{Safe(constant.Key)} = {constant.Value}"))} }};");
            Line();
        }
        foreach (StructType type in kernel.Structs.Where(static type => !type.IsBuiltIn))
            Struct(type);
        foreach (IrFunction function in kernel.Functions.Where(static function => function.ClForm is null))
        {
            if (function == kernel.Entry)
                Entry(function);
            else
                Function(function);
        }
        // One newline at the end, none before it.
        while (Out.Length > 1 && Out[Out.Length - 1] == '\n' && Out[Out.Length - 2] == '\n')
            Out.Length--;
    }

    private void Struct(StructType type)
    {
        Open("typedef struct");
        foreach (IrField field in type.Fields)
            Line($"{TypeName(field.Type)} {field.Name};");
        // OpenCL C has no empty structs.
        if (type.Fields.Count == 0)
            Line("char nothing;");
        Close(type.IsVector ? $"}} __attribute__((aligned({type.Size}))) {type.Cl};" : $"}} {type.Cl};");
        Line();
    }

    private void Entry(IrFunction entry)
    {
        Head(entry);
        Line($"kernel __attribute__((reqd_work_group_size({kernel.X}, {kernel.Y}, {kernel.Z})))");
        List<string> parameters = [];
        foreach (IrVariable parameter in entry.Parameters)
        {
            parameters.Add($"{TypeName(parameter.Type)} {Name(parameter)}");
            if (parameter.Type is ViewType)
                parameters.Add($"long {Name(parameter)}_first");
        }
        Line($"void {entry.Name}({string.Join(", ", parameters)})");
        Open();
        foreach (IrVariable view in entry.Parameters.Where(static parameter => parameter.Type is ViewType))
            Line($"{Name(view)} += {Name(view)}_first;");
        Statements(entry.Body!);
        Close();
        Line();
    }

    private void Function(IrFunction function)
    {
        Head(function);
        IEnumerable<string> parameters = function.Parameters.Select(parameter => parameter.IsReference ? $"{TypeName(parameter.Type)}* {Bare(parameter)}" : $"{TypeName(parameter.Type)} {Bare(parameter)}");
        string list = string.Join(", ", parameters);
        // Inlined everywhere: a call costs a GPU its registers, which then go to memory.
        Line($"static inline {TypeName(function.Result)} {function.Name}({(list.Length == 0 ? "void" : list)})");
        Open();
        Statements(function.Body!);
        Close();
        Line();
    }

    private void Head(IrFunction function)
    {
        foreach (string comment in function.Comments)
            Line(comment);
        FileLinePositionSpan span = function.Location.GetLineSpan();
        Line($"// {Path.GetFileName(span.Path)}:{span.StartLinePosition.Line + 1}");
    }

    protected override string Annotation(IrStatement statement) =>
        statement is IrFor or IrWhile or IrBarrier ? $" // :{statement.Location.GetLineSpan().StartLinePosition.Line + 1}" : "";

    protected override string TypeName(IrType type) => type.Cl;

    protected override string Name(IrVariable variable) => variable.IsReference ? $"(*{Bare(variable)})" : Bare(variable);

    private static string Bare(IrVariable variable) => Safe(variable.Name);

    private static string Safe(string name) => Reserved.Contains(name) ? name + "_" : name;

    protected override string Constant(IrConstant constant)
    {
        if (constant.Name is not null)
            return Safe(constant.Name);
        return constant.Value switch
        {
            bool value => value ? "true" : "false",
            float value when float.IsNaN(value) => "NAN",
            float value when float.IsInfinity(value) => value > 0 ? "INFINITY" : "-INFINITY",
            float value => FloatText(value),
            double value when double.IsNaN(value) => "(double)NAN",
            double value when double.IsInfinity(value) => value > 0 ? "(double)INFINITY" : "-(double)INFINITY",
            double value => DoubleText(value),
            int.MinValue => "(-2147483647 - 1)",
            long.MinValue => "(-9223372036854775807L - 1)",
            long value => value.ToString(CultureInfo.InvariantCulture) + "L",
            uint value => value.ToString(CultureInfo.InvariantCulture) + "u",
            ulong value => value.ToString(CultureInfo.InvariantCulture) + "uL",
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"OpenClWriter: constants are numbers; {constant.Value.GetType()} arrived."),
        };
    }

    protected override (string Text, int Precedence) Special(IrExpression expression) => expression switch
    {
        IrElement element => ($"{Text(element.View, Primary)}[{Text(element.Index)}]", Primary),
        IrCall { Function.ClForm: { } form } call => ($"({string.Format(CultureInfo.InvariantCulture, form, [.. call.Arguments.Select(argument => (object)Text(argument, Primary))])})", Primary),
        IrCall call => ($"{call.Function.Name}({string.Join(", ", call.Arguments.Select((argument, i) => call.Function.Parameters[i].IsReference ? Address(argument) : Text(argument)))})", Primary),
        IrIntrinsic intrinsic => Intrinsic(intrinsic),
        IrSubView sub => ($"{Text(sub.View, Primary)} + {Text(sub.Offset, 13)}", 12),
        IrCast cast => ($"({cast.Type.Cl}){Text(cast.View, Prefix)}", Prefix),
        IrAtomic atomic => ($"{AtomicName(atomic)}({string.Join(", ", new[] { "&" + Text(atomic.Target, Primary) }.Concat(Texts(atomic.Arguments)))})", Primary),
        IrNew made => ($"({made.Type.Cl}){{ {(made.Values.Count == 0 ? "0" : string.Join(", ", made.Values.Select(value => $".{value.Field} = {Text(value.Value)}")))} }}", Primary),
        _ => throw new InvalidOperationException($"OpenClWriter: {expression.GetType().Name} has no form."),
    };

    private (string Text, int Precedence) Intrinsic(IrIntrinsic intrinsic)
    {
        string text = string.Format(CultureInfo.InvariantCulture, intrinsic.Cl, [.. Texts(intrinsic.Arguments)]);
        return (text, text[0] == '(' ? Prefix : Primary);
    }

    private string Address(IrExpression argument) => argument is IrRead { Variable: { IsReference: true } passed } ? Bare(passed) : "&" + Text(argument, Prefix);

    private static string AtomicName(IrAtomic atomic) => atomic.Name switch
    {
        "Exchange" => "atomic_xchg",
        "CompareExchange" => "atomic_cmpxchg",
        _ => "atomic_" + atomic.Name.ToLowerInvariant(),
    };

    protected override string Target(IrExpression expression, bool isReadToo) => Text(expression, Prefix);

    protected override void Array(IrArray array) =>
        Line($"{((ViewType)array.Variable.Type).Qualifier}{((ViewType)array.Variable.Type).Element.Cl} {Bare(array.Variable)}[{Text(array.LengthText)}];");

    protected override void Barrier(IrBarrier barrier) => Line($"barrier({(fencesGlobal ? "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE" : "CLK_LOCAL_MEM_FENCE")});{Annotation(barrier)}");

    protected override void BeforeLoop(IrFor loop)
    {
        if (loop.IsUnrolled)
            Line("#pragma unroll");
    }
}
