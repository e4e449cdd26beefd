using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>
/// formats/resize: Pillow's four filters and TensorFlow's nearest byte for byte, the float bilinears within their own float32 noise.
/// </summary>
public sealed class ResizeGoldenTests
{
    private const string Folder = "formats/resize";

    public static TheoryData<string> Cases => [.. Goldens.Files(Folder, "*.npz")];

    [GoldenTheory(Folder)]
    [MemberData(nameof(Cases))]
    public void Matches(string file)
    {
        Dictionary<string, ReferenceArray> expected = ReferenceArray.LoadAll(Goldens.PathOf(file));
        string[] name = Path.GetFileNameWithoutExtension(file).Split('_', 'x');
        Image image = Read(ReferenceArray.Load(Goldens.PathOf($"{Folder}/{name[0]}.npy")));
        int width = int.Parse(name[1], CultureInfo.InvariantCulture), height = int.Parse(name[2], CultureInfo.InvariantCulture);
        foreach ((string method, ReferenceArray array) in expected)
        {
            switch (method)
            {
                case "tf_bilinear" or "torch_bilinear":
                    AssertClose(array.As<float>(), ImageResize.BilinearHalfPixel(image, height, width), 3e-3f, method);
                    break;
                case "tf_nearest":
                    AssertEqual(array, ImageResize.NearestHalfPixel(image, height, width), method);
                    break;
                default:
                    AssertEqual(array, ImageResize.Resize(image, height, width, Enum.Parse<ResizeFilter>(method, ignoreCase: true)), method);
                    break;
            }
        }
    }

    private static Image Read(ReferenceArray array) => new(array.Shape[0], array.Shape[1], array.Shape.Length == 3 ? array.Shape[2] : 1, array.As<byte>());

    private static void AssertEqual(ReferenceArray expected, Image actual, string method)
    {
        Assert.Equal((expected.Shape[0], expected.Shape[1]), (actual.Height, actual.Width));
        byte[] bytes = expected.As<byte>();
        int different = bytes.Zip(actual.Pixels).Count(pair => pair.First != pair.Second);
        Assert.True(different == 0 && bytes.Length == actual.Pixels.Length, $"{method}: {different} of {bytes.Length} bytes differ");
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance, string method)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.False(!(MathF.Abs(expected[i] - actual[i]) <= tolerance), $"{method}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }
}
