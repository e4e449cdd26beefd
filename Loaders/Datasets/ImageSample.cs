using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>A picture with its class, or with its mask, not read yet. The functions are called on any thread, perhaps on several at once.</summary>
/// <param name="Name">What a message calls it: the picture's file.</param>
/// <param name="ReadImage">Gives the picture, 1, 3 or 4 channels, any size.</param>
/// <param name="Label">Its class, from 0.</param>
/// <param name="MaskName">What a message calls the mask, or null where there is none.</param>
/// <param name="ReadMask">Gives the mask, or null where there is none: one channel of the picture's size, each value a class from 0, or 255 for what counts for nothing.</param>
public sealed record ImageSample(string Name, Func<Image> ReadImage, int Label, string? MaskName = null, Func<Image>? ReadMask = null);
