using Microsoft.CodeAnalysis;

namespace NativeFree.KernelCompiler.Ir;

/// <summary>A method for one choice of type arguments and memory spaces.</summary>
internal sealed class IrFunction(string name, IrType result, Location location)
{
    public string Name { get; } = name;

    public IrType Result { get; } = result;

    public Location Location { get; } = location;

    public List<IrVariable> Parameters { get; } = [];

    public IReadOnlyList<string> Comments { get; set; } = [];

    /// <summary>Set for a constructor: the emulator calls the struct's own.</summary>
    public bool IsConstructor { get; init; }

    /// <summary>What OpenCL C has in its place: a format of its arguments; or null.</summary>
    public string? ClForm { get; init; }

    /// <summary>Null while it is being read: a call that meets that is a recursion.</summary>
    public IrBlock? Body { get; set; }

    public bool HasBarrier => Body is { HasBarrier: true };

    /// <summary>Why its result may differ between work-items although its arguments do not.</summary>
    public string? Varies { get; set; }
}

/// <summary>A kernel with everything it calls, callees first.</summary>
internal sealed class IrKernel(IrFunction entry, int x, int y, int z)
{
    public IrFunction Entry { get; } = entry;

    public int X { get; } = x;

    public int Y { get; } = y;

    public int Z { get; } = z;

    public List<IrFunction> Functions { get; } = [];

    public List<StructType> Structs { get; } = [];

    /// <summary>Named integer constants in use.</summary>
    public SortedDictionary<string, object> Constants { get; } = new(StringComparer.Ordinal);

    public List<IrSite> Sites { get; } = [new IrSite("", 0, "")];

    public int SharedBytes { get; set; }

    public int PrivateBytes { get; set; }

    public int Items => X * Y * Z;
}

/// <summary>A place where memory is accessed or a barrier stands.</summary>
internal sealed record IrSite(string File, int Line, string What);
