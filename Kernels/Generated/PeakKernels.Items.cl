// PeakKernels.Items: groups of 256 x 1 x 1 work-items.

enum { ItemChains = 8 };

// PeakKernels.cs:37
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Items(global float* y, long y_first, float x, float factor, int steps)
{
    y += y_first;
    float chains[ItemChains];
    #pragma unroll
    for (int i = 0; i < ItemChains; i++) // :40
    {
        chains[i] = x + (float)i;
    }
    for (int step = 0; step < steps; step++) // :42
    {
        #pragma unroll
        for (int i = 0; i < ItemChains; i++) // :44
        {
            chains[i] = x + factor * chains[i];
        }
    }
    float sum = 0.0f;
    #pragma unroll
    for (int i = 0; i < ItemChains; i++) // :48
    {
        sum += chains[i];
    }
    y[(long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0)] = sum;
}

