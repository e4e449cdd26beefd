using NativeFree.Loaders.Images;

namespace NativeFree.Tests;

/// <summary>
/// The matrix form of the integer transform against its butterflies (Loeffler, Ligtenberg, Moschytz, with libjpeg's 13-bit constants),
/// written out one value at a time.
/// </summary>
public sealed class InverseDctTests
{
    [Theory]
    [InlineData(1, 2047)] // the mean alone
    [InlineData(2, 900)]
    [InlineData(7, 500)]
    [InlineData(64, 255)]
    [InlineData(64, 32767)] // far beyond what an encoder sends: wraps and clamps alike
    public void Equals_the_butterflies(int coefficients, int largest)
    {
        var random = new Random((coefficients * 1000) + largest);
        for (int round = 0; round < 50; round++)
        {
            int[] block = new int[64];
            int used = 0;
            for (int k = 0; k < coefficients; k++)
            {
                int at = JpegBitReader.Natural[coefficients == 64 ? k : k == 0 ? 0 : random.Next(64)];
                block[at] = random.Next(-largest, largest + 1);
                used |= at;
            }

            byte[] expected = Butterflies(block), actual = new byte[8 * 11];
            Array.Fill(actual, (byte)77);
            InverseDct.Transform(block, used, actual, 11);
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.Equal(i % 11 < 8 ? expected[(i / 11 * 8) + (i % 11)] : 77, actual[i]);
            }

            Assert.All(block, value => Assert.Equal(0, value));
        }
    }

    private static byte[] Butterflies(int[] block)
    {
        int[] columns = new int[64];
        byte[] samples = new byte[64];
        for (int x = 0; x < 8; x++)
        {
            int[] y = OneDimension([.. Enumerable.Range(0, 8).Select(f => block[(8 * f) + x])]);
            for (int i = 0; i < 8; i++)
            {
                columns[(8 * i) + x] = (y[i] + (1 << 10)) >> 11;
            }
        }

        for (int y = 0; y < 8; y++)
        {
            int[] x = OneDimension(columns[(8 * y)..((8 * y) + 8)]);
            for (int i = 0; i < 8; i++)
            {
                samples[(8 * y) + i] = (byte)Math.Clamp((x[i] + (1 << 17) + (128 << 18)) >> 18, 0, 255);
            }
        }

        return samples;
    }

    private static int[] OneDimension(int[] v)
    {
        int rotated = (v[2] + v[6]) * 4433, even2 = rotated - (v[6] * 15137), even3 = rotated + (v[2] * 6270);
        int sum = (v[0] + v[4]) << 13, difference = (v[0] - v[4]) << 13;
        int[] even = [sum + even3, difference + even2, difference - even2, sum - even3];
        int cross = (v[7] + v[3] + v[5] + v[1]) * 9633;
        int far = (v[7] + v[1]) * -7373, near = (v[5] + v[3]) * -20995, left = ((v[7] + v[3]) * -16069) + cross, right = ((v[5] + v[1]) * -3196) + cross;
        int[] odd = [(v[1] * 12299) + far + right, (v[3] * 25172) + near + left, (v[5] * 16819) + near + right, (v[7] * 2446) + far + left];
        return [.. Enumerable.Range(0, 8).Select(i => i < 4 ? even[i] + odd[i] : even[7 - i] - odd[7 - i])];
    }
}
