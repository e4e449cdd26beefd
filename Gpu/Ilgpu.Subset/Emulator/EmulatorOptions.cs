namespace NativeFree.Gpu.Emulation;

/// <summary>How the emulator runs kernels. Results of a correct kernel depend on none of it.</summary>
public sealed record EmulatorOptions
{
    /// <summary>
    /// Follows every access to global and shared memory and stops at a data race or at a read of shared memory that the group never wrote, naming kernel, line and both work-items.
    /// Runs on one thread. Out-of-bounds accesses and diverging barriers are found in either case.
    /// </summary>
    public bool Checked { get; init; }

    /// <summary>Runs groups, and the work-items between two barriers, in an order drawn from this seed; null: in ascending order.</summary>
    public ulong? Order { get; init; }

    /// <summary>Threads that run groups side by side; 0: one a core.</summary>
    public int Threads { get; init; }
}
