namespace NativeFree.KernelCompiler.Ir;

/// <summary>A variable or parameter.</summary>
internal sealed class IrVariable(string name, IrType type)
{
    public string Name { get; } = name;

    public IrType Type { get; } = type;

    /// <summary>A <c>ref</c> parameter: the caller's variable.</summary>
    public bool IsReference { get; init; }

    /// <summary>Why its value may differ between the work-items of a group; null while it is known not to.</summary>
    public string? Varies { get; set; }

    /// <summary>A view of the kernel's whose elements the kernel writes: what is read from it may differ.</summary>
    public bool IsWritten { get; set; }

    /// <summary>The emulator's name for it, where it is a field of the frame.</summary>
    public string? FieldName { get; set; }
}

/// <summary>An expression with its type.</summary>
internal abstract class IrExpression(IrType type)
{
    public IrType Type { get; } = type;
}

/// <summary>A constant, with its name in the source if it is a named integer.</summary>
internal sealed class IrConstant(IrType type, object value, string? name) : IrExpression(type)
{
    public object Value { get; } = value;

    public string? Name { get; } = name;
}

internal sealed class IrRead(IrVariable variable) : IrExpression(variable.Type)
{
    public IrVariable Variable { get; } = variable;
}

internal sealed class IrFieldOf(IrExpression instance, IrField field) : IrExpression(field.Type)
{
    public IrExpression Instance { get; } = instance;

    public string Name { get; } = field.Name;
}

internal sealed class IrUnary(IrType type, string symbol, IrExpression operand) : IrExpression(type)
{
    public string Symbol { get; } = symbol;

    public IrExpression Operand { get; } = operand;
}

internal sealed class IrBinary(IrType type, string symbol, IrExpression left, IrExpression right) : IrExpression(type)
{
    public string Symbol { get; } = symbol;

    public IrExpression Left { get; } = left;

    public IrExpression Right { get; } = right;
}

internal sealed class IrChoice(IrType type, IrExpression condition, IrExpression yes, IrExpression no) : IrExpression(type)
{
    public IrExpression Condition { get; } = condition;

    public IrExpression Yes { get; } = yes;

    public IrExpression No { get; } = no;
}

internal sealed class IrConvert(IrType type, IrExpression operand) : IrExpression(type)
{
    public IrExpression Operand { get; } = operand;
}

/// <summary>A function of the kernel's own, read from C# source.</summary>
internal sealed class IrCall(IrFunction function, IReadOnlyList<IrExpression> arguments) : IrExpression(function.Result)
{
    public IrFunction Function { get; } = function;

    public IReadOnlyList<IrExpression> Arguments { get; } = arguments;
}

/// <summary>A function or coordinate that the device has.</summary>
internal sealed class IrIntrinsic(IrType type, string cl, string cs, string? varies, IReadOnlyList<IrExpression> arguments) : IrExpression(type)
{
    /// <summary>Formats with <c>{0}</c>, <c>{1}</c> for the arguments.</summary>
    public string Cl { get; } = cl;

    public string Cs { get; } = cs;

    public string? Varies { get; } = varies;

    public IReadOnlyList<IrExpression> Arguments { get; } = arguments;
}

/// <summary>An element of a view.</summary>
internal sealed class IrElement(IrExpression view, IrExpression index, int site) : IrExpression(((ViewType)view.Type).Element)
{
    public IrExpression View { get; } = view;

    public IrExpression Index { get; } = index;

    public int Site { get; } = site;
}

/// <summary>An atomic operation on an element; the value before.</summary>
internal sealed class IrAtomic(string name, IrElement target, IReadOnlyList<IrExpression> arguments) : IrExpression(target.Type)
{
    public string Name { get; } = name;

    public IrElement Target { get; } = target;

    public IReadOnlyList<IrExpression> Arguments { get; } = arguments;
}

internal sealed class IrSubView(IrExpression view, IrExpression offset, IrExpression? length) : IrExpression(view.Type)
{
    public IrExpression View { get; } = view;

    public IrExpression Offset { get; } = offset;

    public IrExpression? Length { get; } = length;
}

/// <summary>A view of the same memory with another element type.</summary>
internal sealed class IrCast(IrExpression view, IrType element) : IrExpression(new ViewType(element, ((ViewType)view.Type).Space))
{
    public IrExpression View { get; } = view;
}

internal sealed class IrAssign(IrExpression target, string symbol, IrExpression value) : IrExpression(target.Type)
{
    public IrExpression Target { get; } = target;

    /// <summary><c>=</c>, <c>+=</c> and so on.</summary>
    public string Symbol { get; } = symbol;

    public IrExpression Value { get; } = value;
}

internal sealed class IrStep(IrExpression target, string symbol, bool isPostfix) : IrExpression(target.Type)
{
    public IrExpression Target { get; } = target;

    /// <summary><c>++</c> or <c>--</c>.</summary>
    public string Symbol { get; } = symbol;

    public bool IsPostfix { get; } = isPostfix;
}

/// <summary>A struct value given by fields; those not named are zero.</summary>
internal sealed class IrNew(StructType type, IReadOnlyList<(string Field, IrExpression Value)> values) : IrExpression(type)
{
    public IReadOnlyList<(string Field, IrExpression Value)> Values { get; } = values;
}
