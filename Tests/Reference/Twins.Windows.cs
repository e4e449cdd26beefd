namespace NativeFree.Tests.Reference;

internal static partial class Twins
{
    internal static Real MaxPooling(Real x, (int Y, int X) size, (int Y, int X) stride, (int Top, int Left) pad, (int P, int Q) extent)
    {
        var y = new Real(x.Shape[0], extent.P, extent.Q, x.Shape[3]);
        Real.ForEach(y.Shape, at =>
        {
            double best = double.NegativeInfinity;
            Window(x, at, size, stride, pad, (h, w) => best = Math.Max(best, x[at[0], h, w, at[3]]));
            y[at] = best;
        });
        return y;
    }

    internal static Real AveragePooling(Real x, (int Y, int X) size, (int Y, int X) stride, (int Top, int Left) pad, (int P, int Q) extent, bool countPadding)
    {
        var y = new Real(x.Shape[0], extent.P, extent.Q, x.Shape[3]);
        Real.ForEach(y.Shape, at =>
        {
            double sum = 0;
            int real = 0;
            Window(x, at, size, stride, pad, (h, w) =>
            {
                sum += x[at[0], h, w, at[3]];
                real++;
            });
            y[at] = countPadding ? sum / (size.Y * size.X) : real == 0 ? 0 : sum / real;
        });
        return y;
    }

    internal static Real Unpooling(Real x, (int Y, int X) size, (int Y, int X) stride, (int Top, int Left) pad, (int H, int W) extent)
    {
        var y = new Real(x.Shape[0], extent.H, extent.W, x.Shape[3]);
        Real.ForEach(x.Shape, at => Window(y, at, size, stride, pad, (h, w) => y[at[0], h, w, at[3]] += x[at]));
        return y;
    }

    internal static Real UpsampleNearest(Real x, (int Y, int X) scale)
    {
        var y = new Real(x.Shape[0], x.Shape[1] * scale.Y, x.Shape[2] * scale.X, x.Shape[3]);
        Real.ForEach(y.Shape, at => y[at] = x[at[0], at[1] / scale.Y, at[2] / scale.X, at[3]]);
        return y;
    }

    internal static Real ResizeBilinear(Real x, (int Height, int Width) size, bool alignCorners)
    {
        var y = new Real(x.Shape[0], size.Height, size.Width, x.Shape[3]);
        Real.ForEach(y.Shape, at =>
        {
            double v = Place(at[1], x.Shape[1], size.Height), u = Place(at[2], x.Shape[2], size.Width), sum = 0;
            for (int h = 0; h < x.Shape[1]; h++)
            {
                for (int w = 0; w < x.Shape[2]; w++)
                    sum += Math.Max(0, 1 - Math.Abs(v - h)) * Math.Max(0, 1 - Math.Abs(u - w)) * x[at[0], h, w, at[3]];
            }
            y[at] = sum;
        });
        return y;

        double Place(int i, int inputs, int outputs)
        {
            double at = alignCorners ? outputs == 1 ? 0 : i * (inputs - 1.0) / (outputs - 1) : ((i + 0.5) * inputs / outputs) - 0.5;
            return Math.Clamp(at, 0, inputs - 1);
        }
    }

    internal static Real Box(Real x, int[] from, int[] to, int[] size, int[] shape, double elsewhere)
    {
        var y = new Real(shape, [.. Enumerable.Repeat(elsewhere, Real.Count(shape))]);
        Real.ForEach(size, at => y[[.. at.Zip(to, (a, b) => a + b)]] = x[[.. at.Zip(from, (a, b) => a + b)]]);
        return y;
    }

    internal static Real Concat(int axis, params Real[] x)
    {
        int[] shape = [.. x[0].Shape];
        shape[axis] = x.Sum(part => part.Shape[axis]);
        var y = new Real(shape);
        int start = 0;
        foreach (Real part in x)
        {
            Real.ForEach(part.Shape, at =>
            {
                int[] place = [.. at];
                place[axis] += start;
                y[place] = part[at];
            });
            start += part.Shape[axis];
        }
        return y;
    }

    internal static Real Transpose(Real x, params int[] axes)
    {
        var y = new Real([.. axes.Select(axis => x.Shape[axis])]);
        Real.ForEach(y.Shape, at =>
        {
            int[] from = new int[at.Length];
            for (int i = 0; i < axes.Length; i++)
                from[axes[i]] = at[i];
            y[at] = x[from];
        });
        return y;
    }

    /// <summary>Calls back with the pixels of <paramref name="image"/> under the window of pixel <paramref name="at"/>.</summary>
    private static void Window(Real image, int[] at, (int Y, int X) size, (int Y, int X) stride, (int Top, int Left) pad, Action<int, int> visit)
    {
        for (int r = 0; r < size.Y; r++)
        {
            for (int s = 0; s < size.X; s++)
            {
                int h = (at[1] * stride.Y) - pad.Top + r, w = (at[2] * stride.X) - pad.Left + s;
                if (h >= 0 && h < image.Shape[1] && w >= 0 && w < image.Shape[2])
                    visit(h, w);
            }
        }
    }
}
