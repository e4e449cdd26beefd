using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Kernels;

/// <summary>
/// Resizing of 8-bit images with the exact results of the libraries whose preparation the published weights expect: Pillow's four filters
/// (byte for byte) and
/// TensorFlow's bilinear and nearest with half-pixel centres. Deterministic; the vector width changes no result.
/// </summary>
public static partial class ImageResize
{
    /// <summary>
    /// Lanes that a horizontal step covers: the least multiple of 1, 3 and 4 channels that is whole in 256-bit vectors of int32.
    /// </summary>
    private const int StepLanes = 24;

    /// <summary>
    /// Pillow's <c>Image.resize</c>: rows are resampled across, rounded to uint8, then columns down; an axis of unchanged length is left
    /// alone.
    /// Each pass computes clamp((2²¹ + Σ px·w) >> 22, 0, 255) with 22-bit weights. Nearest adds the scale step by step in double precision,
    /// as Pillow does.
    /// The channels of an RGBA image are weighted by alpha on the way (Pillow's <c>RGBa</c> detour), so transparent pixels lend no colour;
    /// nearest leaves them as they are.
    /// </summary>
    /// <param name="image">uint8 [H, W, C].</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="filter">The kernel.</param>
    /// <returns>uint8 [height, width, C].</returns>
    /// <exception cref="ShapeException">A side is below 1 or the result does not fit an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The filter is not one of the enumeration.</exception>
    public static Image Resize(Image image, int height, int width, ResizeFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.RequireShape(height, width, image.Channels);
        if (filter == ResizeFilter.Nearest)
        {
            return Gather(image, AccumulatedIndices(image.Height, height), AccumulatedIndices(image.Width, width));
        }

        if (height == image.Height && width == image.Width)
        {
            return image;
        }

        Image source = image.Channels == 4 ? Premultiply(image) : image;
        if (width != image.Width)
        {
            source = Across(source, width, ResizeWeights.Create(image.Width, width, filter));
        }

        if (height != image.Height)
        {
            source = Down(source, height, ResizeWeights.Create(image.Height, height, filter));
        }

        return image.Channels == 4 ? Unpremultiply(source) : source;
    }

    /// <summary>
    /// One output row at a time: its input row is widened to int32 once, then each output pixel is a product of two padded vectors, folded
    /// by channel.
    /// </summary>
    private static Image Across(Image image, int width, ResizeWeights axis)
    {
        int channels = image.Channels;
        Image.RequireShape(image.Height, width, channels);
        int lanes = (axis.Stride * channels + StepLanes - 1) / StepLanes * StepLanes;
        int[] weights = Repeat(axis, channels, lanes);
        int[] row = new int[(image.Width * channels) + lanes]; // the tail stays zero, so the padding of the last pixels reads zeros
        var pixels = new byte[image.Height * width * channels];
        Span<int> folded = stackalloc int[StepLanes];
        for (int y = 0; y < image.Height; y++)
        {
            Widen(image.Row(y), row);
            Span<byte> to = pixels.AsSpan(y * width * channels, width * channels);
            for (int o = 0; o < width; o++)
            {
                int used = (axis.Count[o] * channels + StepLanes - 1) / StepLanes * StepLanes;
                Multiply(row.AsSpan(axis.First[o] * channels, used), weights.AsSpan(o * lanes, used), folded);
                for (int c = 0; c < channels; c++)
                {
                    int sum = 1 << (ResizeWeights.Bits - 1);
                    for (int lane = c; lane < StepLanes; lane += channels)
                    {
                        sum += folded[lane];
                    }

                    to[(o * channels) + c] = Clamp(sum);
                }
            }
        }

        return new Image(image.Height, width, channels, pixels);
    }

    /// <summary>Every weight once per channel, so that they line up with interleaved pixels; rows padded with zeros.</summary>
    private static int[] Repeat(ResizeWeights axis, int channels, int lanes)
    {
        if ((long)axis.First.Length * lanes > Array.MaxLength)
        {
            throw new ShapeException(
                $"ImageResize: {axis.First.Length} columns of {lanes} weights are more than an array holds; resize in two steps");
        }

        var repeated = new int[axis.First.Length * lanes];
        for (int o = 0; o < axis.First.Length; o++)
        {
            for (int k = 0; k < axis.Count[o] * channels; k++)
            {
                repeated[(o * lanes) + k] = axis.Weights[(o * axis.Stride) + (k / channels)];
            }
        }

        return repeated;
    }

    private static void Widen(ReadOnlySpan<byte> from, int[] to)
    {
        int i = 0;
        for (; i <= from.Length - 16; i += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(from.Slice(i, 16)));
            Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low)).AsInt32().CopyTo(to, i);
            Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high)).AsInt32().CopyTo(to, i + 8);
        }

        for (; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }

    /// <summary>folded[l] = Σ over steps of x[24·step + l]·w[24·step + l]; both spans have the same length, a multiple of 24.</summary>
    private static void Multiply(ReadOnlySpan<int> x, ReadOnlySpan<int> w, Span<int> folded)
    {
        ref int px = ref Unsafe.AsRef(in x.GetPinnableReference()), pw = ref Unsafe.AsRef(in w.GetPinnableReference());
        Vector256<int> sum0 = default, sum1 = default, sum2 = default;
        for (nuint i = 0; i < (nuint)x.Length; i += StepLanes)
        {
            sum0 += Vector256.LoadUnsafe(ref px, i) * Vector256.LoadUnsafe(ref pw, i);
            sum1 += Vector256.LoadUnsafe(ref px, i + 8) * Vector256.LoadUnsafe(ref pw, i + 8);
            sum2 += Vector256.LoadUnsafe(ref px, i + 16) * Vector256.LoadUnsafe(ref pw, i + 16);
        }

        sum0.CopyTo(folded);
        sum1.CopyTo(folded[8..]);
        sum2.CopyTo(folded[16..]);
    }

    /// <summary>One output row at a time, the sums of the whole row in one int32 array.</summary>
    private static Image Down(Image image, int height, ResizeWeights axis)
    {
        int length = image.Width * image.Channels;
        Image.RequireShape(height, image.Width, image.Channels);
        var pixels = new byte[height * length];
        int[] sums = new int[length];
        for (int o = 0; o < height; o++)
        {
            Array.Fill(sums, 1 << (ResizeWeights.Bits - 1));
            for (int k = 0; k < axis.Count[o]; k++)
            {
                MultiplyAdd(image.Row(axis.First[o] + k), axis.Weights[(o * axis.Stride) + k], sums);
            }

            Span<byte> to = pixels.AsSpan(o * length, length);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = Clamp(sums[i]);
            }
        }

        return new Image(height, image.Width, image.Channels, pixels);
    }

    private static void MultiplyAdd(ReadOnlySpan<byte> row, int weight, int[] sums)
    {
        int i = 0;
        var factor = Vector256.Create(weight);
        for (; i <= row.Length - 32; i += 32)
        {
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Create(row.Slice(i, 32)));
            Add(low, i);
            Add(high, i + 16);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += row[i] * weight;
        }

        void Add(Vector256<ushort> values, int at)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(values);
            (Vector256.Create(sums, at) + (low.AsInt32() * factor)).CopyTo(sums, at);
            (Vector256.Create(sums, at + 8) + (high.AsInt32() * factor)).CopyTo(sums, at + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int sum) => (byte)Math.Clamp(sum >> ResizeWeights.Bits, 0, 255);
}
