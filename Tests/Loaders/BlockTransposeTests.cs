using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Blocks of rows turned into columns, against the definition.</summary>
public sealed unsafe class BlockTransposeTests
{
    [Theory]
    [InlineData(16, 7, 9, 16)]
    [InlineData(16, 5, 1, 37)]
    [InlineData(16, 1, 1, 16)]
    [InlineData(16, 2, 2, 19)]
    [InlineData(15, 7, 9, 31)]
    [InlineData(1, 3, 5, 2)]
    public void Rows_become_columns(int count, int b, int p, int stride)
    {
        float[] rows = [.. Enumerable.Range(1, count * b * p).Select(i => (float)i)], got = new float[b * p * stride], wanted = new float[b * p * stride];
        for (int row = 0; row < count; row++)
        {
            for (int j = 0; j < b; j++)
            {
                for (int k = 0; k < p; k++)
                    wanted[(((k * b) + j) * stride) + row] = rows[(((row * b) + j) * p) + k];
            }
        }
        fixed (float* from = rows, to = got)
            BlockTranspose.Scatter(from, count, b, p, to, stride);
        Assert.Equal(wanted, got);
    }
}
