namespace NativeFree.Autograd;

/// <summary>
/// Places the values of a plan in one arena so that those alive at the same time do not overlap: largest first, each at the lowest place that is free for the whole of its life
/// (Pisarchyk and Lee, arXiv:2001.03288, "greedy by size").
/// </summary>
internal static class PlanMemory
{
    // A cache line: rows of different values then never share one.
    private const int Alignment = 16;

    /// <summary>A value's floats and the first and last step of its life.</summary>
    public readonly record struct Life(int Value, long Count, int First, int Last);

    /// <summary>The offsets in floats, by value, and the arena's size.</summary>
    public static (Dictionary<int, long> Offsets, long Size) Place(IEnumerable<Life> lives)
    {
        var placed = new List<(Life Life, long Offset, long End)>();
        long size = 0;
        foreach (Life life in lives.OrderByDescending(life => life.Count).ThenBy(life => life.Value))
        {
            long offset = 0;
            foreach ((Life other, long from, long to) in placed.OrderBy(item => item.Offset))
            {
                if (other.Last < life.First || other.First > life.Last || to <= offset)
                    continue;
                if (from >= offset + life.Count)
                    break;
                offset = to;
            }
            long end = (offset + life.Count + Alignment - 1) / Alignment * Alignment;
            placed.Add((life, offset, end));
            size = Math.Max(size, end);
        }
        return (placed.ToDictionary(item => item.Life.Value, item => item.Offset), size);
    }
}
