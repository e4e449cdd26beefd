namespace NativeFree.Loaders;

/// <summary>Something in a file, other than an array, that the reader met and would not read: a damaged group, an attribute of an
/// unsupported type.</summary>
/// <param name="Name">Path of the object; an attribute is <c>path@name</c>.</param>
/// <param name="Reason">The rule that was broken and what stood there, one line.</param>
public sealed record RefusedObject(string Name, string Reason);
