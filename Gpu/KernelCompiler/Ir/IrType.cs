using Microsoft.CodeAnalysis;

namespace NativeFree.KernelCompiler.Ir;

/// <summary>Which memory a view's elements are in. OpenCL C 1.2 makes it part of a pointer's type.</summary>
internal enum Space
{
    Global,
    Shared,
    Private,
}

/// <summary>A type of the dialect: a number, a struct of numbers, or a view.</summary>
internal abstract class IrType
{
    /// <summary>Its name in OpenCL C.</summary>
    public abstract string Cl { get; }

    /// <summary>Its name in C#, fully qualified.</summary>
    public abstract string Cs { get; }

    /// <summary>Bytes; 0 for a view.</summary>
    public abstract int Size { get; }

    /// <summary>The alignment that C and C# both give it.</summary>
    public abstract int Alignment { get; }
}

internal sealed class ScalarType(SpecialType special, string cl, string cs, int size) : IrType
{
    public static readonly ScalarType Void = new(SpecialType.System_Void, "void", "void", 0);
    public static readonly ScalarType Bool = new(SpecialType.System_Boolean, "bool", "bool", 1);
    public static readonly ScalarType Int = new(SpecialType.System_Int32, "int", "int", 4);
    public static readonly ScalarType Long = new(SpecialType.System_Int64, "long", "long", 8);
    public static readonly ScalarType Float = new(SpecialType.System_Single, "float", "float", 4);

    private static readonly ScalarType[] All =
    [
        Void, Bool, Int, Long, Float,
        new(SpecialType.System_SByte, "char", "sbyte", 1),
        new(SpecialType.System_Byte, "uchar", "byte", 1),
        new(SpecialType.System_Int16, "short", "short", 2),
        new(SpecialType.System_UInt16, "ushort", "ushort", 2),
        new(SpecialType.System_UInt32, "uint", "uint", 4),
        new(SpecialType.System_UInt64, "ulong", "ulong", 8),
        new(SpecialType.System_Double, "double", "double", 8),
    ];

    public SpecialType Special { get; } = special;

    public override string Cl { get; } = cl;

    public override string Cs { get; } = cs;

    public override int Size { get; } = size;

    public override int Alignment => Math.Max(Size, 1);

    public bool IsFloating => Special is SpecialType.System_Single or SpecialType.System_Double;

    public static ScalarType? Of(SpecialType special) => All.FirstOrDefault(type => type.Special == special);
}

internal sealed class StructType(INamedTypeSymbol symbol, string cl, string cs, IReadOnlyList<IrField> fields) : IrType
{
    public INamedTypeSymbol Symbol { get; } = symbol;

    public IReadOnlyList<IrField> Fields { get; } = fields;

    /// <summary>Whether OpenCL C has the type already, so that it is not declared.</summary>
    public bool IsBuiltIn { get; init; }

    public override string Cl { get; } = cl;

    public override string Cs { get; } = cs;

    public override int Size
    {
        get
        {
            int size = 0;
            foreach (IrField member in Fields)
                size = RoundUp(size, member.Type.Alignment) + member.Type.Size;
            return Math.Max(RoundUp(size, Alignment), 1);
        }
    }

    public override int Alignment => Fields.Count == 0 ? 1 : Fields.Max(static member => member.Type.Alignment);

    // Two or four floats and nothing else: loaded and stored as one vector, at a multiple of its size.
    public bool IsVector => Fields.Count is 2 or 4 && Fields.All(static member => member.Type == ScalarType.Float);

    private static int RoundUp(int value, int step) => (value + step - 1) / step * step;
}

internal sealed record IrField(string Name, IrType Type);

internal sealed class ViewType(IrType element, Space space) : IrType
{
    public IrType Element { get; } = element;

    public Space Space { get; } = space;

    public string Qualifier => Space switch { Space.Global => "global ", Space.Shared => "local ", _ => "" };

    public override string Cl => $"{Qualifier}{Element.Cl}*";

    public override string Cs => $"global::ILGPU.ArrayView<{Element.Cs}>";

    public override int Size => 0;

    public override int Alignment => 1;
}
