namespace NativeFree.Gpu;

/// <summary>
/// Names the type arguments for which a generic kernel is compiled, one attribute a combination. Each becomes a kernel of its own in which the calls of
/// static abstract members are direct calls.
/// </summary>
/// <param name="types">One type per type parameter, in order.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SpecializeAttribute(params Type[] types) : Attribute
{
    /// <summary>One type per type parameter.</summary>
    public IReadOnlyList<Type> Types { get; } = types;
}
