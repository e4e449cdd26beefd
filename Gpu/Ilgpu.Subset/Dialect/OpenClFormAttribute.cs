namespace NativeFree.Gpu;

/// <summary>
/// What stands in OpenCL C for a struct or for a call of a static method, in place of the translated C#: <c>float16</c> for a struct of sixteen floats, <c>vload16(0, {0} + {1})</c> for a method that
/// reads one. The C# is what the emulator runs and defines the result; the form must give the same, but for the rounding of a contracted a·b + c.
/// </summary>
/// <param name="form">The type's name, or an expression in which {0}, {1} … stand for the arguments.</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Method)]
public sealed class OpenClFormAttribute(string form) : Attribute
{
    /// <summary>The type's name, or the expression.</summary>
    public string Form { get; } = form;
}
