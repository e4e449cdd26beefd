using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Gpu.Emulation;

/// <summary>
/// The group that an emulator thread runs at present, and the work-item of it whose turn it is. Generated code reads the coordinates and takes shared and local memory from it.
/// </summary>
public sealed class EmulatedGroup
{
    private readonly EmulatedMemory shared;
    private readonly EmulatedMemory local;

    internal EmulatedGroup(DeviceKernel kernel, Index3D grid)
    {
        Kernel = kernel;
        GridDim = grid;
        shared = new EmulatedMemory(null, kernel.SharedBytes);
        local = new EmulatedMemory(null, (long)kernel.PrivateBytes * kernel.Group.Size);
    }

    /// <summary>The group's X in the grid.</summary>
    public int GridX { get; private set; }

    /// <summary>The group's Y in the grid.</summary>
    public int GridY { get; private set; }

    /// <summary>The group's Z in the grid.</summary>
    public int GridZ { get; private set; }

    /// <summary>Groups along X, Y, Z.</summary>
    public Index3D GridDim { get; }

    /// <summary>The work-item's X in its group.</summary>
    public int ItemX { get; private set; }

    /// <summary>The work-item's Y in its group.</summary>
    public int ItemY { get; private set; }

    /// <summary>The work-item's Z in its group.</summary>
    public int ItemZ { get; private set; }

    /// <summary>The work-item's number in its group, X fastest.</summary>
    public int Item { get; private set; }

    internal DeviceKernel Kernel { get; }

    // The checked emulator's clock: one tick a barrier and a group, never reused, so that a recorded access tells by its tick whether a barrier lies between.
    internal long Tick { get; set; }

    internal long GroupStart { get; private set; }

    internal long LaunchStart { get; set; }

    internal long Linear { get; private set; }

    /// <summary>The group's shared array at a byte offset that the compiler gave out.</summary>
    public ArrayView<T> Shared<T>(int offset, int length)
        where T : unmanaged => new(shared, shared.Address + offset, length);

    /// <summary>The work-item's local array at a byte offset that the compiler gave out.</summary>
    public ArrayView<T> Local<T>(int offset, int length)
        where T : unmanaged => new(local, local.Address + (Item * (nint)Kernel.PrivateBytes) + offset, length);

    internal bool IsLocal(MemoryBuffer? buffer) => ReferenceEquals(buffer, local);

    internal bool IsShared(MemoryBuffer? buffer) => ReferenceEquals(buffer, shared);

    internal void Enter(long linear)
    {
        Linear = linear;
        GridX = (int)(linear % GridDim.X);
        GridY = (int)(linear / GridDim.X % GridDim.Y);
        GridZ = (int)(linear / GridDim.X / GridDim.Y);
        GroupStart = Tick;
        shared.Poison();
        local.Poison();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Select(int item)
    {
        Index3D size = Kernel.Group;
        Item = item;
        ItemX = item % size.X;
        ItemY = item / size.X % size.Y;
        ItemZ = item / size.X / size.Y;
    }

    internal Index3D PlaceOf(int item) => new(item % Kernel.Group.X, item / Kernel.Group.X % Kernel.Group.Y, item / Kernel.Group.X / Kernel.Group.Y);

    internal Index3D PlaceOf(long group) => new((int)(group % GridDim.X), (int)(group / GridDim.X % GridDim.Y), (int)(group / GridDim.X / GridDim.Y));

    internal void Release()
    {
        shared.Dispose();
        local.Dispose();
    }
}
