// PeakKernels.Lanes: groups of 1 x 1 x 1 work-items.

enum { LaneChains = 12 };

// PeakKernels.cs:19
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Lanes(global float* y, long y_first, float x, float factor, int steps)
{
    y += y_first;
    float16 chains[LaneChains];
    float16 start = ((float16)(x));
    #pragma unroll
    for (int i = 0; i < LaneChains; i++) // :23
    {
        chains[i] = ((float16)((x + (float)i)));
    }
    for (int step = 0; step < steps; step++) // :25
    {
        #pragma unroll
        for (int i = 0; i < LaneChains; i++) // :27
        {
            chains[i] = (start + factor * chains[i]);
        }
    }
    float16 sum = chains[0];
    #pragma unroll
    for (int i = 1; i < LaneChains; i++) // :31
    {
        sum = (sum + chains[i]);
    }
    (vstore16(sum, 0, y + ((long)(int)get_group_id(0) * 16L)));
}

