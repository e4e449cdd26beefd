namespace NativeFree.Kernels;

/// <summary>Shapes or sizes that do not fit together. The message reads <c>where: rule; what arrived; remedy</c>, on one line.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public ShapeException(string message) : base(message)
    {
    }

    /// <summary>Throws where two shapes that the rule wants equal are not.</summary>
    internal static void RequireEqual(string where, Shape expected, Shape arrived)
    {
        if (expected != arrived)
            throw new ShapeException($"{where}: shapes agree; expected {expected}, got {arrived}.");
    }
}
