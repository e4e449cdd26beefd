using ILGPU;

namespace NativeFree.Kernels;

/// <summary>
/// How kernels over flat elements, and over rows of channels, share them: one element a work-item, neighbours take neighbours. Without a loop inside, a driver that runs work-items on a processor makes its own loop over them and
/// vectorizes it. Any count: indexes have 64 bits.
/// </summary>
internal static class DeviceIndex
{
    /// <summary>Work-items of a group in flat kernels: four to eight waves of a GPU, enough to fill a unit with few groups and to give a tail little to waste.</summary>
    public const int Group = 256;

    /// <summary>Neighbouring channels of a group in kernels over rows of channels: a wave of 32 reads 128 bytes in one piece.</summary>
    public const int Lanes = 32;

    /// <summary>Rows of a group there: so many that a group is as large as in flat kernels.</summary>
    public const int Rows = 8;

    /// <summary>On the device: the work-item's element; the last group has some to spare.</summary>
    public static long Element() => ((long)Grid.IdxX * Group) + ILGPU.Group.IdxX;

    /// <summary>On the device: the work-item's channel. No index is divided by the number of channels.</summary>
    public static int Channel() => (Grid.IdxY * Lanes) + ILGPU.Group.IdxX;

    /// <summary>On the device: the work-item's row.</summary>
    public static long Row() => ((long)Grid.IdxX * Rows) + ILGPU.Group.IdxY;

    /// <summary>On the host: the grid for so many elements; none for none.</summary>
    public static Index3D GridFor(long count) => new(checked((int)((count + Group - 1) / Group)), 1, 1);

    /// <summary>On the host: the grid for the pixels and channels of a tensor.</summary>
    public static Index3D GridForPixels(Tensor tensor) => tensor.Count == 0 ? new(0, 1, 1) : GridFor(tensor.Count / tensor.Shape[-1], tensor.Shape[-1]);

    /// <summary>On the host: the grid for rows of channels. Rows, of which there are many, lie along X, which is the long axis of a grid.</summary>
    public static Index3D GridFor(long rows, int channels) => new(checked((int)((rows + Rows - 1) / Rows)), (channels + Lanes - 1) / Lanes, 1);
}
