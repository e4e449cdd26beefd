using System.Globalization;
using System.Text;
using NativeFree.KernelCompiler.Ir;

namespace NativeFree.KernelCompiler.Writing;

/// <summary>What OpenCL C and C# write alike: most statements and operators, with the same precedences.</summary>
internal abstract class BodyWriter
{
    // From C's table. Operands of shifts and bit operations get parentheses wherever they are binary, as a reader wants them.
    protected const int Primary = 15;
    protected const int Prefix = 14;
    private const int Choice = 3;
    private const int Assignment = 2;

    protected StringBuilder Out { get; } = new();

    protected int Depth { get; set; }

    protected void Line(string text = "")
    {
        if (text.Length > 0)
            Out.Append(' ', Depth * 4).Append(text);
        Out.Append('\n');
    }

    protected void Open(string? head = null)
    {
        if (head is not null)
            Line(head);
        Line("{");
        Depth++;
    }

    protected void Close(string tail = "}")
    {
        Depth--;
        Line(tail);
    }

    protected abstract string TypeName(IrType type);

    protected abstract string Name(IrVariable variable);

    protected abstract string Constant(IrConstant constant);

    /// <summary>The forms in which the two languages differ.</summary>
    protected abstract (string Text, int Precedence) Special(IrExpression expression);

    protected abstract string Target(IrExpression expression, bool isReadToo);

    protected abstract void Array(IrArray array);

    protected abstract void Barrier(IrBarrier barrier);

    protected virtual void BeforeLoop(IrFor loop)
    {
    }

    protected virtual void BeforeStatement(IrStatement statement)
    {
    }

    protected virtual string Annotation(IrStatement statement) => "";

    protected string Text(IrExpression expression) => Form(expression).Text;

    protected IEnumerable<string> Texts(IEnumerable<IrExpression> expressions) => expressions.Select(expression => Text(expression));

    protected string Text(IrExpression expression, int atLeast)
    {
        (string text, int precedence) = Form(expression);
        return precedence >= atLeast ? text : $"({text})";
    }

    protected (string Text, int Precedence) Form(IrExpression expression)
    {
        switch (expression)
        {
            case IrConstant constant:
                string number = Constant(constant);
                return (number, number[0] == '-' ? Prefix : Primary);
            case IrRead read:
                return (Name(read.Variable), Primary);
            case IrFieldOf field:
                return ($"{Text(field.Instance, Primary)}.{field.Name}", Primary);
            case IrUnary unary:
                string operand = Text(unary.Operand, Prefix);
                return (unary.Symbol + (operand[0] is '-' or '+' ? $"({operand})" : operand), Prefix);
            case IrBinary binary:
                int level = Level(binary.Symbol);
                bool bits = binary.Symbol is "<<" or ">>" or "&" or "|" or "^";
                string left = Text(binary.Left, bits ? Prefix : level);
                string right = Text(binary.Right, bits ? Prefix : level + 1);
                return ($"{left} {binary.Symbol} {right}", level);
            case IrChoice choice:
                return ($"{Text(choice.Condition, Choice + 1)} ? {Text(choice.Yes, Choice + 1)} : {Text(choice.No, Choice)}", Choice);
            case IrConvert convert:
                return ($"({TypeName(convert.Type)}){Text(convert.Operand, Prefix)}", Prefix);
            case IrAssign assign:
                return ($"{Target(assign.Target, assign.Symbol != "=")} {assign.Symbol} {Text(assign.Value, Assignment)}", Assignment);
            case IrStep { IsPostfix: true } step:
                return (Target(step.Target, true) + step.Symbol, Primary);
            case IrStep step:
                return (step.Symbol + Target(step.Target, true), Prefix);
            default:
                return Special(expression);
        }
    }

    protected virtual void Statement(IrStatement statement)
    {
        foreach (string comment in statement.Comments)
            Line(comment);
        BeforeStatement(statement);
        switch (statement)
        {
            case IrBlock block:
                Open();
                Statements(block);
                Close();
                break;
            case IrDeclare declaration:
                Line(Declaration(declaration) + ";");
                break;
            case IrArray array:
                Array(array);
                break;
            case IrEvaluate evaluate:
                Line(Text(evaluate.Expression) + ";" + Annotation(statement));
                break;
            case IrIf condition:
                Line($"if ({Text(condition.Condition)}){Annotation(statement)}");
                Body(condition.Then);
                if (condition.Otherwise is not null)
                {
                    Line("else");
                    Body(condition.Otherwise);
                }
                break;
            case IrFor loop:
                For(loop);
                break;
            case IrWhile { TestsFirst: true } loop:
                Line($"while ({Text(loop.Condition)}){Annotation(statement)}");
                Body(loop.Body);
                break;
            case IrWhile loop:
                Line("do" + Annotation(statement));
                Body(loop.Body);
                Line($"while ({Text(loop.Condition)});");
                break;
            case IrSwitch choice:
                Switch(choice);
                break;
            case IrBreak:
                Line("break;");
                break;
            case IrContinue:
                Line("continue;");
                break;
            case IrReturn returned:
                Return(returned);
                break;
            case IrBarrier barrier:
                Barrier(barrier);
                break;
        }
    }

    protected virtual void Return(IrReturn returned) => Line(returned.Value is null ? "return;" : $"return {Text(returned.Value)};");

    protected virtual string Declaration(IrDeclare declaration)
    {
        string head = $"{TypeName(declaration.Variable.Type)} {Name(declaration.Variable)}";
        return declaration.Value is null ? head : $"{head} = {Text(declaration.Value)}";
    }

    protected void Statements(IrBlock block)
    {
        foreach (IrStatement statement in block.Statements)
            Statement(statement);
    }

    protected void Body(IrBlock block)
    {
        Open();
        Statements(block.Statements.Count == 1 && block.Statements[0] is IrBlock only ? only : block);
        Close();
    }

    private void For(IrFor loop)
    {
        // Several variables of one type share the loop's head; anything else goes before it, in a block of its own.
        bool fits = loop.Before.All(static statement => statement is IrDeclare) && loop.Before.Select(static statement => ((IrDeclare)statement).Variable.Type).Distinct().Count() <= 1;
        if (!fits)
        {
            Open();
            foreach (IrStatement statement in loop.Before)
                Statement(statement);
        }
        string start = "";
        if (fits && loop.Before.Count > 0)
        {
            IEnumerable<string> rest = loop.Before.Skip(1).Cast<IrDeclare>().Select(next => $"{Name(next.Variable)} = {Text(next.Value!)}");
            start = string.Join(", ", new[] { Declaration((IrDeclare)loop.Before[0]) }.Concat(rest));
        }
        BeforeLoop(loop);
        Line($"for ({start}; {(loop.Condition is null ? "" : Text(loop.Condition))}; {string.Join(", ", Texts(loop.AtBottom))}){Annotation(loop)}");
        Body(loop.Body);
        if (!fits)
            Close();
    }

    private void Switch(IrSwitch choice)
    {
        Open($"switch ({Text(choice.Value)})");
        foreach ((IReadOnlyList<IrConstant> cases, bool isDefault, IrBlock body) in choice.Sections)
        {
            foreach (IrConstant one in cases)
                Line($"case {Constant(one)}:");
            if (isDefault)
                Line("default:");
            Open();
            Statements(body);
            Close();
        }
        Close();
    }

    /// <summary>The shortest decimal that reads back as the same float.</summary>
    protected static string FloatText(float value)
    {
        for (int digits = 6; digits <= 9; digits++)
        {
            string text = value.ToString("G" + digits, CultureInfo.InvariantCulture);
            if (float.Parse(text, CultureInfo.InvariantCulture) == value)
                return (text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text) + "f";
        }
        return value.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    protected static string DoubleText(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
    }

    private static int Level(string symbol) => symbol switch
    {
        "*" or "/" or "%" => 13,
        "+" or "-" => 12,
        "<<" or ">>" => 11,
        "<" or "<=" or ">" or ">=" => 10,
        "==" or "!=" => 9,
        "&" => 8,
        "^" => 7,
        "|" => 6,
        "&&" => 5,
        _ => 4,
    };
}
