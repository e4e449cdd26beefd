namespace ILGPU;

/// <summary>Three extents or coordinates, X fastest.</summary>
/// <param name="x">Along X.</param>
/// <param name="y">Along Y.</param>
/// <param name="z">Along Z.</param>
public readonly struct Index3D(int x, int y, int z) : IEquatable<Index3D>
{
    /// <summary>Along X.</summary>
    public int X { get; } = x;

    /// <summary>Along Y.</summary>
    public int Y { get; } = y;

    /// <summary>Along Z.</summary>
    public int Z { get; } = z;

    /// <summary>X · Y · Z.</summary>
    public int Size => X * Y * Z;

    /// <summary>Makes an index of three values.</summary>
    public static implicit operator Index3D((int X, int Y, int Z) values) => new(values.X, values.Y, values.Z);

    /// <summary>Equal in all three.</summary>
    public static bool operator ==(Index3D left, Index3D right) => left.Equals(right);

    /// <summary>Different in one at least.</summary>
    public static bool operator !=(Index3D left, Index3D right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Index3D other) => X == other.X && Y == other.Y && Z == other.Z;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Index3D other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(X, Y, Z);

    /// <inheritdoc/>
    public override string ToString() => $"({X}, {Y}, {Z})";
}
