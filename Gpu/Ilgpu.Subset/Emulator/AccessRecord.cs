namespace NativeFree.Gpu.Emulation;

/// <summary>One access to one word.</summary>
/// <param name="Tick">The clock then; 0: none yet.</param>
/// <param name="Item">The work-item's number in its group.</param>
/// <param name="Group">The group's number in the grid.</param>
/// <param name="Site">Where in the source.</param>
/// <param name="Kind">What it was.</param>
internal readonly record struct Access(long Tick, int Item, long Group, int Site, AccessKind Kind)
{
    public string Verb => Kind switch { AccessKind.Read => "reads", AccessKind.Write => "writes", _ => "changes (atomically)" };
}

internal enum AccessKind : byte
{
    Read,
    Write,
    Atomic,
}

/// <summary>
/// What is known of a word: its last write, and enough of its reads that a later write in conflict with any of them finds one: two of different work-items of the newest group that
/// read it, and one of another group.
/// </summary>
internal struct WordRecord
{
    public Access Write;
    public Access Read;
    public Access ReadByAnotherItem;
    public Access ReadByAnotherGroup;
}

/// <summary>The records of a buffer, one a 32-bit word.</summary>
internal sealed class AccessRecord(long bytes)
{
    public WordRecord[] Words { get; } = new WordRecord[(bytes + 3) / 4];
}
