using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Training;

/// <summary>A picture as a PNG inside a page.</summary>
internal static class PngUri
{
    public static string Of(Image image)
    {
        using var stream = new MemoryStream();
        ImageFile.SavePng(stream, image);
        return "data:image/png;base64," + Convert.ToBase64String(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
