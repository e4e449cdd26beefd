using System.Runtime.Intrinsics;

namespace NativeFree.Loaders.Images;

/// <summary>
/// One component's samples at the frame's full resolution, a row at a time. Factors 2×1, 1×2 and 2×2 interpolate as libjpeg's "fancy"
/// upsampling does (a triangle: three parts of the near
/// sample, one of the far), everything else and planes of one or two columns repeat. Beyond an edge the last real sample counts, never the
/// padding of its block.
/// </summary>
internal sealed class JpegUpsampler
{
    private readonly JpegComponent component;
    private readonly int across;
    private readonly int down;
    private readonly byte[] row;
    private readonly ushort[] sums;

    internal JpegUpsampler(JpegComponent component, JpegFrame frame)
    {
        this.component = component;
        (across, down) = (frame.MaxHorizontal / component.Horizontal, frame.MaxVertical / component.Vertical);
        row = new byte[component.Width * across];
        sums = new ushort[component.Width];
    }

    /// <summary>Row <paramref name="y"/> of the frame, at least the frame's width of samples; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Row(int y)
    {
        ReadOnlySpan<byte> near = Plane(y / down);
        switch (across, down)
        {
            case (1, 1):
                return near;
            case (2, 1) when component.Width > 2:
                Weigh(near, 1, near, 0);
                Spread(shift: 2, odd: 2, even: 1);
                break;
            case (1, 2):
                Weigh(near, 3, Far(y), 1);
                Round((y & 1) == 0 ? 1 : 2);
                break;
            case (2, 2) when component.Width > 2:
                Weigh(near, 3, Far(y), 1);
                Spread(shift: 4, odd: 7, even: 8);
                break;
            default:
                for (int x = 0; x < row.Length; x++)
                {
                    row[x] = near[x / across];
                }

                break;
        }

        return row;
    }

    private ReadOnlySpan<byte> Plane(int y) => component.Plane.AsSpan(y * component.Stride, component.Width);

    /// <summary>The other row that row y of a pair leans on: above for the upper, below for the lower.</summary>
    private ReadOnlySpan<byte> Far(int y) => Plane(Math.Clamp((y / 2) + ((y & 1) == 0 ? -1 : 1), 0, component.Height - 1));

    /// <summary>sums = a·near + b·far, unrounded.</summary>
    private void Weigh(ReadOnlySpan<byte> near, ushort a, ReadOnlySpan<byte> far, ushort b)
    {
        int x = 0;
        for (; x <= near.Length - 16; x += 16)
        {
            (Vector128<ushort> nearLow, Vector128<ushort> nearHigh) = Vector128.Widen(Vector128.Create(near.Slice(x, 16)));
            (Vector128<ushort> farLow, Vector128<ushort> farHigh) = Vector128.Widen(Vector128.Create(far.Slice(x, 16)));
            ((nearLow * a) + (farLow * b)).CopyTo(sums, x);
            ((nearHigh * a) + (farHigh * b)).CopyTo(sums, x + 8);
        }

        for (; x < near.Length; x++)
        {
            sums[x] = (ushort)((near[x] * a) + (far[x] * b));
        }
    }

    /// <summary>row = (sums + bias) >> 2.</summary>
    private void Round(int bias)
    {
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = (byte)((sums[x] + bias) >> 2);
        }
    }

    /// <summary>
    /// Twice as wide, s being the sums: row[2x] = (3s[x] + s[x−1] + even) >> shift, row[2x+1] = (3s[x] + s[x+1] + odd) >> shift, an end
    /// being its own neighbour.
    /// </summary>
    private void Spread(int shift, ushort odd, ushort even)
    {
        int last = component.Width - 1, x = 0;
        row[0] = (byte)(((4 * sums[0]) + even) >> shift);
        Vector128<ushort> oddBias = Vector128.Create(odd), evenBias = Vector128.Create(even);
        for (; x <= last - 8; x += 8)
        {
            Vector128<ushort> left = Vector128.Create(sums, x), right = Vector128.Create(sums, x + 1), both = left + right;
            Vector128<ushort> low = (both + left + left + oddBias) >>> shift, high = (both + right + right + evenBias) >>> shift;
            (low | (high << 8)).AsByte().CopyTo(row, (2 * x) + 1);
        }

        for (; x < last; x++)
        {
            row[(2 * x) + 1] = (byte)(((3 * sums[x]) + sums[x + 1] + odd) >> shift);
            row[(2 * x) + 2] = (byte)(((3 * sums[x + 1]) + sums[x] + even) >> shift);
        }

        row[(2 * last) + 1] = (byte)(((4 * sums[last]) + odd) >> shift);
    }
}
