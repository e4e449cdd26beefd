using Microsoft.CodeAnalysis;

namespace NativeFree.KernelCompiler.Reading;

/// <summary>The members that devices have, with their OpenCL C and emulator forms.</summary>
internal static class Intrinsics
{
    private static readonly Dictionary<string, (string Cl, string Cs)> Functions = new(StringComparer.Ordinal)
    {
        ["ILGPU.Interop.FloatAsInt"] = ("as_int({0})", "global::System.BitConverter.SingleToInt32Bits({0})"),
        ["ILGPU.Interop.IntAsFloat"] = ("as_float({0})", "global::System.BitConverter.Int32BitsToSingle({0})"),
        ["ILGPU.Algorithms.XMath.Rsqrt"] = ("rsqrt({0})", "(1f / global::System.MathF.Sqrt({0}))"),
        ["System.Single.IsNaN"] = ("isnan({0})", "float.IsNaN({0})"),
        ["System.Single.IsInfinity"] = ("isinf({0})", "float.IsInfinity({0})"),
        ["System.Single.IsFinite"] = ("isfinite({0})", "float.IsFinite({0})"),
    };

    // The same function under one name in MathF, XMath and OpenCL C. Round goes to even in all three.
    private static readonly Dictionary<string, string> FloatFunctions = new(StringComparer.Ordinal)
    {
        ["Exp"] = "exp", ["Log"] = "log", ["Tanh"] = "tanh", ["Sqrt"] = "sqrt", ["Pow"] = "pow", ["Sin"] = "sin", ["Cos"] = "cos",
        ["Floor"] = "floor", ["Ceiling"] = "ceil", ["Truncate"] = "trunc", ["Round"] = "rint", ["Abs"] = "fabs", ["CopySign"] = "copysign",
    };

    /// <summary>What [OpenClForm] says of a struct or method, or null.</summary>
    public static string? OpenClForm(ISymbol symbol) => symbol.OriginalDefinition.GetAttributes()
        .FirstOrDefault(static attribute => attribute.AttributeClass?.ToDisplayString() == "NativeFree.Gpu.OpenClFormAttribute")?.ConstructorArguments[0].Value as string;

    /// <summary>The forms of a static method, or null where devices have none.</summary>
    public static (string Cl, string Cs)? Function(IMethodSymbol method)
    {
        string type = method.ContainingType.ToDisplayString();
        if (type == "float")
            type = "System.Single";
        if (Functions.TryGetValue($"{type}.{method.Name}", out (string, string) form))
            return form;
        string arguments = string.Join(", ", method.Parameters.Select(static (_, i) => $"{{{i}}}"));
        bool allFloat = method.Parameters.All(static parameter => parameter.Type.SpecialType == SpecialType.System_Single);
        bool allInteger = method.Parameters.All(static parameter => parameter.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64);
        if (type is "System.MathF" or "ILGPU.Algorithms.XMath" && allFloat && FloatFunctions.TryGetValue(method.Name, out string? name))
            return ($"{name}({arguments})", $"global::System.MathF.{method.Name}({arguments})");
        if (type is "System.Math" or "int" or "uint" or "long" or "ulong" && method.Name is "Max" or "Min" && allInteger && type != "System.MathF")
            return ($"{method.Name.ToLowerInvariant()}({arguments})", $"global::System.Math.{method.Name}({arguments})");
        if (type == "System.Math" && method.Name == "Abs" && method.Parameters[0].Type.SpecialType == SpecialType.System_Int32)
            return ("(int)abs({0})", "global::System.Math.Abs({0})");
        return null;
    }

    /// <summary>The reason and remedy for a function that exists but behaves differently from device to device, or null.</summary>
    public static (string Reason, string Remedy)? Unportable(IMethodSymbol method)
    {
        string type = method.ContainingType.ToDisplayString();
        if (type is not ("System.MathF" or "System.Math" or "float" or "double" or "ILGPU.Algorithms.XMath"))
            return null;
        return method.Name switch
        {
            "Max" or "Min" => ("treats NaN differently in C#, OpenCL and PTX", "write a > b ? a : b, where NaN goes the way the comparison says"),
            "Clamp" or "Sign" => ("throws, which ILGPU rejects", "write the comparisons"),
            _ => null,
        };
    }

    /// <summary>A coordinate: OpenCL C, C# and, where work-items of a group differ in it, its name.</summary>
    public static (string Cl, string Cs, bool Varies)? Coordinate(IPropertySymbol property, (int X, int Y, int Z) group)
    {
        (int x, int y, int z) = group;
        return (property.ContainingType.ToDisplayString(), property.Name) switch
        {
            ("ILGPU.Group", "IdxX") => ("(int)get_local_id(0)", "group.ItemX", x > 1),
            ("ILGPU.Group", "IdxY") => ("(int)get_local_id(1)", "group.ItemY", y > 1),
            ("ILGPU.Group", "IdxZ") => ("(int)get_local_id(2)", "group.ItemZ", z > 1),
            ("ILGPU.Group", "DimX") => ($"{x}", $"{x}", false),
            ("ILGPU.Group", "DimY") => ($"{y}", $"{y}", false),
            ("ILGPU.Group", "DimZ") => ($"{z}", $"{z}", false),
            ("ILGPU.Group", "LinearIndex") => (Linear(group), "group.Item", x * y * z > 1),
            ("ILGPU.Grid", "IdxX") => ("(int)get_group_id(0)", "group.GridX", false),
            ("ILGPU.Grid", "IdxY") => ("(int)get_group_id(1)", "group.GridY", false),
            ("ILGPU.Grid", "IdxZ") => ("(int)get_group_id(2)", "group.GridZ", false),
            ("ILGPU.Grid", "DimX") => ("(int)get_num_groups(0)", "group.GridDim.X", false),
            ("ILGPU.Grid", "DimY") => ("(int)get_num_groups(1)", "group.GridDim.Y", false),
            ("ILGPU.Grid", "DimZ") => ("(int)get_num_groups(2)", "group.GridDim.Z", false),
            _ => null,
        };
    }

    private static string Linear((int X, int Y, int Z) group) => (group.Y, group.Z) switch
    {
        (1, 1) => "(int)get_local_id(0)",
        (_, 1) => $"(int)(get_local_id(1) * {group.X} + get_local_id(0))",
        _ => $"(int)((get_local_id(2) * {group.Y} + get_local_id(1)) * {group.X} + get_local_id(0))",
    };
}
