using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Where a tile reads and writes: a pointer for each of its pixels and taps.</summary>
internal sealed unsafe partial class GatherConvolution
{
    /// <summary>Fills the pointer tables for a tile and returns how many of its rows exist; the others repeat the first, reading and writing what it does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Point(GatherPlan.Phase phase, int group, Block block, int tile, nint* near, in Reach reach, float** a, float** y, float** from, int column, bool first)
    {
        int taps = block.LastTap - block.FirstTap, perImage = phase.Rows * phase.Columns;
        long pixel = (long)tile * Rows;
        int rows = (int)Math.Min(Rows, ((long)plan.Batch * perImage) - pixel);
        int image = (int)(pixel / perImage), rest = (int)(pixel % perImage), i = rest / phase.Columns, j = rest % phase.Columns;
        float* input = source + (group * (long)plan.Length) + block.FirstK;
        if (rows == Rows && reach.Covers(i * plan.MoveY, j * plan.MoveX, (j + Rows - 1) * plan.MoveX) && j + Rows <= phase.Columns)
        {
            PointInside(phase, image, i, j, taps, near, input, a, y, from, column, first);
            return Rows;
        }
        for (int row = 0; row < rows; row++)
        {
            long at = ((((long)image * plan.DestinationHeight) + phase.Y0 + ((long)i * plan.StepY)) * plan.DestinationWidth) + phase.X0 + ((long)j * plan.StepX);
            y[row] = destination + (at * plan.DestinationChannels) + column;
            from[row] = first ? addend + (at * plan.DestinationChannels) + column : y[row];
            int sy = i * plan.MoveY, sx = j * plan.MoveX;
            float* home = input + (((((long)image * plan.SourceHeight) + sy) * plan.SourceWidth) + sx) * plan.SourceChannels;
            for (int t = 0; t < taps; t++)
            {
                bool inside = (uint)(sy + phase.OffsetY[block.FirstTap + t]) < (uint)plan.SourceHeight && (uint)(sx + phase.OffsetX[block.FirstTap + t]) < (uint)plan.SourceWidth;
                a[(t * Rows) + row] = inside ? home + near[t] : ThreadScratch.Zeros;
            }
            if (++j == phase.Columns)
            {
                j = 0;
                if (++i == phase.Rows)
                {
                    i = 0;
                    image++;
                }
            }
        }
        for (int row = rows; row < Rows; row++)
        {
            y[row] = y[0];
            from[row] = from[0];
            for (int t = 0; t < taps; t++)
                a[(t * Rows) + row] = a[t * Rows];
        }
        return rows;
    }

    /// <summary>The same for six neighbours of one line whose taps all lie inside the source: one pixel is looked up, the others follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PointInside(GatherPlan.Phase phase, int image, int i, int j, int taps, nint* near, float* input, float** a, float** y, float** from, int column, bool first)
    {
        float* home = input + (((((long)image * plan.SourceHeight) + (i * plan.MoveY)) * plan.SourceWidth) + (j * plan.MoveX)) * plan.SourceChannels;
        nint step = (nint)plan.MoveX * plan.SourceChannels;
        for (int t = 0; t < taps; t++, a += Rows)
        {
            float* p = home + near[t];
            a[0] = p;
            a[1] = p + step;
            a[2] = p + (2 * step);
            a[3] = p + (3 * step);
            a[4] = p + (4 * step);
            a[5] = p + (5 * step);
        }
        long at = ((((long)image * plan.DestinationHeight) + phase.Y0 + ((long)i * plan.StepY)) * plan.DestinationWidth) + phase.X0 + ((long)j * plan.StepX);
        float* result = destination + (at * plan.DestinationChannels) + column, added = first ? addend + (at * plan.DestinationChannels) + column : result;
        nint beside = (nint)plan.StepX * plan.DestinationChannels;
        for (int row = 0; row < Rows; row++)
        {
            y[row] = result + (row * beside);
            from[row] = added + (row * beside);
        }
    }

    /// <summary>How far a block's taps reach from their pixel, and the source they must stay in.</summary>
    private readonly struct Reach
    {
        private readonly int top, bottom, left, right;

        public Reach(GatherPlan plan, GatherPlan.Phase phase, Block block)
        {
            // No tap: nothing to reach.
            (top, bottom, left, right) = (0, plan.SourceHeight - 1, 0, plan.SourceWidth - 1);
            for (int t = block.FirstTap; t < block.LastTap; t++)
            {
                top = Math.Max(top, -phase.OffsetY[t]);
                bottom = Math.Min(bottom, plan.SourceHeight - 1 - phase.OffsetY[t]);
                left = Math.Max(left, -phase.OffsetX[t]);
                right = Math.Min(right, plan.SourceWidth - 1 - phase.OffsetX[t]);
            }
        }

        /// <summary>Whether every tap of the pixels (y, x0) to (y, x1) lies inside the source.</summary>
        public bool Covers(int y, int x0, int x1) => y >= top && y <= bottom && x0 >= left && x1 <= right;
    }
}
