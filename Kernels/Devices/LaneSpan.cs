using ILGPU;

namespace NativeFree.Kernels;

/// <summary>
/// How kernels of <see cref="DeviceLanes"/> share rows of pixels: one work-item a group takes a row of the side that is written, and a span of channels of each of its pixels. A pixel's channels lie together, so every line of memory is read by one
/// work-item, from its beginning to its end.
/// </summary>
internal static class LaneSpan
{
    // Long enough for the prefetcher (1 KiB of a pixel), short enough that a few rows of many channels keep every core busy.
    private const int Channels = 256;

    /// <summary>On the device: the first channel of the work-item.</summary>
    public static int First() => Grid.IdxY * Channels;

    /// <summary>On the device: the first channel behind its own.</summary>
    public static int End(int channels) => Math.Min((Grid.IdxY * Channels) + Channels, channels);

    /// <summary>On the host: the grid for a tensor of pixels that is written, [N, rows, columns, channels]; none for none.</summary>
    public static Index3D GridFor(Tensor written) => GridFor(written.Count == 0 ? 0 : (long)written.Shape[0] * written.Shape[1], written.Shape[3]);

    /// <summary>On the host: the grid for so many rows of pixels with so many channels; none for none.</summary>
    public static Index3D GridFor(long rows, int channels) => new(channels == 0 ? 0 : checked((int)rows), Math.Max((channels + Channels - 1) / Channels, 1), 1);
}
