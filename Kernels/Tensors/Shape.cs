using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// The extents of a tensor, outermost axis first, at most six of them; activations are [N, H, W, C] (batch, height, width, channels).
/// A value: two shapes are equal when rank and extents are.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank.</summary>
    public const int MaxRank = 6;

    private readonly Extents extents;
    private readonly long count;

    /// <summary>Creates a shape from its extents, each ≥ 0; none at all is a scalar with one element.</summary>
    /// <exception cref="ShapeException">An extent is negative, there are more than six, or the element count passes 2⁶³−1.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length > MaxRank)
            throw new ShapeException($"Shape: at most {MaxRank} axes; got {extents.Length}.");
        long count = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 0)
                throw new ShapeException($"Shape: extents are not negative; axis {i} is {extents[i]}.");
            count = checked(count * extents[i]);
            this.extents[i] = extents[i];
        }
        Rank = extents.Length;
        this.count = count;
    }

    /// <summary>Number of axes, 0 to 6.</summary>
    public int Rank { get; }

    /// <summary>Number of elements, the product of the extents.</summary>
    public long Count => Rank == 0 ? 1 : count;

    /// <summary>The extent of an axis; a negative axis counts from the last.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public int this[int axis]
    {
        get
        {
            int i = axis < 0 ? axis + Rank : axis;
            if ((uint)i >= (uint)Rank)
                throw new ShapeException($"Shape: axis {axis} does not exist in {this}.");
            return extents[i];
        }
    }

    /// <summary>The extents as an array.</summary>
    public int[] ToArray()
    {
        int[] result = new int[Rank];
        for (int i = 0; i < Rank; i++)
            result[i] = extents[i];
        return result;
    }

    /// <summary>The product of the extents of the axes before <paramref name="axis"/> (0 gives 1).</summary>
    public long CountBefore(int axis)
    {
        long count = 1;
        for (int i = 0; i < axis; i++)
            count *= this[i];
        return count;
    }

    /// <summary>The product of the extents of <paramref name="axis"/> and all after it.</summary>
    public long CountFrom(int axis)
    {
        long count = 1;
        for (int i = axis; i < Rank; i++)
            count *= this[i];
        return count;
    }

    /// <summary>This shape with one axis given another extent.</summary>
    public Shape With(int axis, int extent)
    {
        int[] result = ToArray();
        result[axis < 0 ? axis + Rank : axis] = extent;
        return new Shape(result);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank)
            return false;
        for (int i = 0; i < Rank; i++)
        {
            if (extents[i] != other.extents[i])
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        for (int i = 0; i < Rank; i++)
            hash.Add(extents[i]);
        return hash.ToHashCode();
    }

    /// <summary>The extents in brackets: <c>[1, 224, 224, 3]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", ToArray()) + "]";

    /// <summary>Equality of rank and extents.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Inequality of rank or extents.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    [InlineArray(MaxRank)]
    private struct Extents
    {
        private int first;
    }
}
