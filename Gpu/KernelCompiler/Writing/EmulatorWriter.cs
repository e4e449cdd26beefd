using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Writing;

/// <summary>
/// A kernel as a resumable work-item in C#: a struct whose fields are the parameters and every variable declared beside a barrier, and a Step that runs to the next barrier. What holds a
/// barrier is laid out flat, as labels and jumps, so that Step can jump back in; everything else keeps its shape.
/// </summary>
internal sealed class EmulatorWriter : BodyWriter
{
    private const string Monitored = "where TMonitor : struct, global::NativeFree.Gpu.Emulation.IMonitor";
    private const string Group = "global::NativeFree.Gpu.Emulation.EmulatedGroup group";

    // Names that the generated code itself uses.
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "group", "state", "result", "arrived", "TMonitor", "Step", "Bind", "arguments" };

    private readonly IrKernel kernel;
    private readonly HashSet<string> fieldNames = new(StringComparer.Ordinal);
    private readonly List<string> fields = [];

    // The flat loops around the statement at hand, innermost last; null for one that keeps its shape.
    private readonly Stack<(string Break, string Continue)?> loops = new();
    private readonly List<int> resumePoints = [];
    private IrFunction function;
    private int labels;

    private EmulatorWriter(IrKernel kernel)
    {
        this.kernel = kernel;
        function = kernel.Entry;
    }

    public static string Write(IrKernel kernel)
    {
        EmulatorWriter writer = new(kernel);
        writer.Frame(kernel.Entry, kernel.Entry.Name + "Frame", isEntry: true);
        return writer.Out.ToString();
    }

    private static string FrameName(IrFunction function) => function.Name + "Frame";

    private void Frame(IrFunction framed, string name, bool isEntry)
    {
        function = framed;
        fieldNames.Clear();
        fields.Clear();
        resumePoints.Clear();
        labels = 0;
        foreach (IrVariable parameter in framed.Parameters)
            AddField(parameter);

        Open(isEntry ? $"internal struct {name} : global::NativeFree.Gpu.IKernelFrame" : $"private struct {name}");
        int start = Out.Length;
        Open($"public int Step<TMonitor>({Group}) {Monitored}");
        int jumps = Out.Length;
        Flat(framed.Body!);
        Line("return 0;");
        Close();
        if (resumePoints.Count > 0)
        {
            string pad = new(' ', Depth * 4 + 4);
            string cases = string.Concat(resumePoints.Select(point => $"{pad}    case {point}: goto R{point};\n"));
            Out.Insert(jumps, $"{pad}switch (state)\n{pad}{{\n{cases}{pad}}}\n");
            fields.Add("private int state;");
        }
        if (!isEntry && framed.Result != ScalarType.Void)
            fields.Add($"internal {TypeName(framed.Result)} result;");
        string declared = string.Concat(fields.Select(field => new string(' ', Depth * 4) + field + "\n"));
        Out.Insert(start, declared + "\n");
        if (isEntry)
        {
            Bind();
            foreach (IrFunction helper in kernel.Functions.Where(helper => helper != kernel.Entry && !helper.IsConstructor))
            {
                Line();
                if (helper.HasBarrier)
                    Frame(helper, FrameName(helper), isEntry: false);
                else
                    Helper(helper);
            }
        }
        Close();
    }

    private void Bind()
    {
        Line();
        Open("public readonly void Bind(global::NativeFree.Gpu.IKernelArguments arguments)");
        foreach (IrVariable parameter in kernel.Entry.Parameters)
            Line($"arguments.{(parameter.Type is ViewType ? "View" : "Value")}({parameter.FieldName});");
        Close();
    }

    private void Helper(IrFunction helper)
    {
        function = helper;
        IEnumerable<string> parameters = helper.Parameters.Select(parameter => $"{(parameter.IsReference ? "ref " : "")}{TypeName(parameter.Type)} {Name(parameter)}");
        Open($"private static {TypeName(helper.Result)} {helper.Name}<TMonitor>({string.Join(", ", new[] { Group }.Concat(parameters))}) {Monitored}");
        Statements(helper.Body!);
        Close();
    }

    private void AddField(IrVariable variable)
    {
        string name = Escape(variable.Name);
        for (int i = 2; !fieldNames.Add(name); i++)
            name = $"{variable.Name}_{i}";
        variable.FieldName = name;
        fields.Add($"internal {TypeName(variable.Type)} {name};");
    }

    // Statements of a block in which a barrier stands, or of the frame's outermost block.
    private void Flat(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
            FlatStatement(statement);
    }

    private void FlatStatement(IrStatement statement)
    {
        switch (statement)
        {
            // Without a barrier in the whole function nothing has to outlive Step.
            case var plain when !function.HasBarrier:
                Statement(plain);
                break;
            case IrDeclare { Value: IrCall { Function.HasBarrier: true } call } declaration:
                AddField(declaration.Variable);
                Await(call);
                Line($"{declaration.Variable.FieldName} = {AwaitedResult};");
                break;
            case IrDeclare declaration:
                AddField(declaration.Variable);
                if (declaration.Value is not null)
                    Line($"{declaration.Variable.FieldName} = {Text(declaration.Value)};");
                break;
            case IrArray array:
                AddField(array.Variable);
                Line($"{array.Variable.FieldName} = {Allocation(array)};");
                break;
            case IrBarrier barrier:
                Suspend($"return {barrier.Site};");
                break;
            case var plain when !plain.HasBarrier:
                Statement(plain);
                break;
            case IrBlock block:
                Flat(block);
                break;
            case IrEvaluate { Expression: IrCall call }:
                Await(call);
                break;
            case IrEvaluate { Expression: IrAssign { Value: IrCall call } assign }:
                Await(call);
                Line($"{Target(assign.Target, false)} = {AwaitedResult};");
                break;
            case IrReturn { Value: IrCall call }:
                Await(call);
                Line($"result = {AwaitedResult};");
                Line("return 0;");
                break;
            case IrIf condition:
                FlatIf(condition);
                break;
            case IrFor loop:
                foreach (IrStatement before in loop.Before)
                    FlatStatement(before);
                FlatLoop(loop.Condition, loop.Body, loop.AtBottom, testsFirst: true);
                break;
            case IrWhile loop:
                FlatLoop(loop.Condition, loop.Body, [], loop.TestsFirst);
                break;
            default:
                throw new InvalidOperationException($"EmulatorWriter: {statement.GetType().Name} cannot hold a barrier.");
        }
    }

    private int awaited;

    private string AwaitedResult => $"frame{awaited}.result";

    // A helper with a barrier is a frame of its own, stepped until it ends.
    private void Await(IrCall call)
    {
        awaited++;
        string frame = $"frame{awaited}";
        fields.Add($"private {FrameName(call.Function)} {frame};");
        IEnumerable<string> arguments = call.Arguments.Select((argument, i) => $"{Escape(call.Function.Parameters[i].Name)} = {Text(argument)}");
        Line($"{frame} = new {FrameName(call.Function)} {{ {string.Join(", ", arguments)} }};");
        int point = ResumePoint();
        Line($"R{point}:");
        Open();
        Line($"int arrived = {frame}.Step<TMonitor>(group);");
        Open("if (arrived != 0)");
        Line($"state = {point};");
        Line("return arrived;");
        Close();
        Close();
    }

    private void Suspend(string leave)
    {
        int point = ResumePoint();
        Line($"state = {point};");
        Line(leave);
        Line($"R{point}:;");
    }

    private int ResumePoint()
    {
        resumePoints.Add(resumePoints.Count + 1);
        return resumePoints.Count;
    }

    private void FlatIf(IrIf condition)
    {
        int label = ++labels;
        Line($"if (!({Text(condition.Condition)})) goto Else{label};");
        Flat(condition.Then);
        Line($"goto End{label};");
        Line($"Else{label}:;");
        if (condition.Otherwise is not null)
            Flat(condition.Otherwise);
        Line($"End{label}:;");
    }

    private void FlatLoop(IrExpression? condition, IrBlock body, IReadOnlyList<IrExpression> bottom, bool testsFirst)
    {
        int label = ++labels;
        Line($"Top{label}:;");
        if (testsFirst && condition is not null)
            Line($"if (!({Text(condition)})) goto End{label};");
        loops.Push(($"End{label}", $"Next{label}"));
        Flat(body);
        loops.Pop();
        Line($"Next{label}:;");
        foreach (IrExpression step in bottom)
            Line(Text(step) + ";");
        Line(testsFirst || condition is null ? $"goto Top{label};" : $"if ({Text(condition)}) goto Top{label};");
        Line($"End{label}:;");
    }

    protected override void Statement(IrStatement statement)
    {
        bool opens = statement is IrFor or IrWhile or IrSwitch;
        if (opens)
            loops.Push(null);
        switch (statement)
        {
            case IrBreak when loops.Count > 0 && loops.Peek() is { } loop:
                Line($"goto {loop.Break};");
                break;
            case IrContinue when EnclosingLoop() is { } loop:
                Line($"goto {loop.Continue};");
                break;
            default:
                base.Statement(statement);
                break;
        }
        if (opens)
            loops.Pop();
    }

    // A flat loop holds no switch with a barrier, so a continue that reaches one passes only through shapes that are kept.
    private (string Break, string Continue)? EnclosingLoop() => loops.Count > 0 ? loops.Peek() : null;

    protected override void Return(IrReturn returned)
    {
        bool inFrame = function == kernel.Entry || function.HasBarrier;
        if (!inFrame)
        {
            base.Return(returned);
            return;
        }
        if (returned.Value is null)
        {
            Line("return 0;");
            return;
        }
        Open();
        Line($"result = {Text(returned.Value)};");
        Line("return 0;");
        Close();
    }

    protected override string TypeName(IrType type) => type.Cs;

    protected override string Name(IrVariable variable) => variable.FieldName ?? Escape(variable.Name);

    public static string Escape(string name) =>
        Taken.Contains(name) ? name + "_" : SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    protected override string Constant(IrConstant constant) => constant.Value switch
    {
        bool value => value ? "true" : "false",
        float value when float.IsNaN(value) => "float.NaN",
        float value when float.IsInfinity(value) => value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity",
        float value => FloatText(value),
        double value when double.IsNaN(value) => "double.NaN",
        double value when double.IsInfinity(value) => value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity",
        double value => DoubleText(value),
        int.MinValue => "int.MinValue",
        long.MinValue => "long.MinValue",
        long value => value.ToString(CultureInfo.InvariantCulture) + "L",
        uint value => value.ToString(CultureInfo.InvariantCulture) + "u",
        ulong value => value.ToString(CultureInfo.InvariantCulture) + "ul",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"EmulatorWriter: constants are numbers; {constant.Value.GetType()} arrived."),
    };

    protected override (string Text, int Precedence) Special(IrExpression expression) => expression switch
    {
        IrElement element => (Access("Read", element), Primary),
        IrCall { Function.IsConstructor: true } call => ($"new {call.Type.Cs}({string.Join(", ", Texts(call.Arguments))})", Primary),
        IrCall call => ($"{call.Function.Name}<TMonitor>({string.Join(", ", new[] { "group" }.Concat(call.Arguments.Select((argument, i) => Argument(call, argument, i))))})", Primary),
        IrIntrinsic intrinsic => (string.Format(CultureInfo.InvariantCulture, intrinsic.Cs, [.. Texts(intrinsic.Arguments)]), Primary),
        IrSubView sub => ($"{Text(sub.View, Primary)}.SubView({Text(sub.Offset)}{(sub.Length is null ? "" : ", " + Text(sub.Length))})", Primary),
        IrCast cast => ($"{Text(cast.View, Primary)}.Cast<{((ViewType)cast.Type).Element.Cs}>()", Primary),
        IrAtomic atomic => ($"global::ILGPU.Atomic.{atomic.Name}(ref {Access("Atomic", atomic.Target)}{string.Concat(atomic.Arguments.Select(argument => ", " + Text(argument)))})", Primary),
        IrNew made => (made.Values.Count == 0 ? $"default({made.Type.Cs})" : $"new {made.Type.Cs} {{ {string.Join(", ", made.Values.Select(value => $"{value.Field} = {Text(value.Value)}"))} }}", Primary),
        _ => throw new InvalidOperationException($"EmulatorWriter: {expression.GetType().Name} has no form."),
    };

    private string Argument(IrCall call, IrExpression argument, int i) => call.Function.Parameters[i].IsReference ? "ref " + Target(argument, true) : Text(argument);

    protected override string Target(IrExpression expression, bool isReadToo) => expression switch
    {
        IrElement element => Access(isReadToo ? "Update" : "Write", element),
        IrFieldOf field => $"{Target(field.Instance, isReadToo)}.{field.Name}",
        _ => Text(expression, Prefix),
    };

    private string Access(string how, IrElement element) => $"TMonitor.{how}({Text(element.View)}, {Text(element.Index)}, {element.Site}, group)";

    private static string Allocation(IrArray array)
    {
        ViewType view = (ViewType)array.Variable.Type;
        return $"group.{(view.Space == Space.Shared ? "Shared" : "Local")}<{view.Element.Cs}>({array.Offset}, {array.Length})";
    }

    // A helper's out parameter is a ref here, for which a variable needs a value.
    protected override string Declaration(IrDeclare declaration) => base.Declaration(declaration) + (declaration.Value is null ? " = default" : "");

    protected override void Array(IrArray array) => Line($"{TypeName(array.Variable.Type)} {Name(array.Variable)} = {Allocation(array)};");

    protected override void Barrier(IrBarrier barrier) => throw new InvalidOperationException("EmulatorWriter: a barrier stands in flat code alone.");
}
