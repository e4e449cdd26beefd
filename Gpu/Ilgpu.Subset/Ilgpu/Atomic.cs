namespace ILGPU;

/// <summary>
/// Atomic operations on 32-bit integers in global or shared memory, each returning the value before. Those on floats are left out: their result depends on the order in which
/// work-items arrive. Inside a kernel the compiler replaces them.
/// </summary>
public static class Atomic
{
    /// <summary>target += value.</summary>
    public static int Add(ref int target, int value) => Interlocked.Add(ref target, value) - value;

    /// <summary>target += value.</summary>
    public static uint Add(ref uint target, uint value) => Interlocked.Add(ref target, value) - value;

    /// <summary>target = the larger of both.</summary>
    public static int Max(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return seen;
            seen = before;
        }
        return seen;
    }

    /// <summary>target = the smaller of both.</summary>
    public static int Min(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value < seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return seen;
            seen = before;
        }
        return seen;
    }

    /// <summary>target = value.</summary>
    public static int Exchange(ref int target, int value) => Interlocked.Exchange(ref target, value);

    /// <summary>target = value where it was <paramref name="compare"/>.</summary>
    public static int CompareExchange(ref int target, int compare, int value) => Interlocked.CompareExchange(ref target, value, compare);
}
