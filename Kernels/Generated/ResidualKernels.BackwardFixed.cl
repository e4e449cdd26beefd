// ResidualKernels.BackwardFixed: groups of 32 x 8 x 1 work-items.

enum { Lanes = 32 };

// DeviceIndex.cs:24
static inline int DeviceIndex_Channel(void)
{
    return (int)get_group_id(1) * Lanes + (int)get_local_id(0);
}

// DeviceIndex.cs:27
static inline long DeviceIndex_Row(void)
{
    return (long)(int)get_group_id(0) * 8L + (long)(int)get_local_id(1);
}

// ResidualKernels.cs:26
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void BackwardFixed(global float* y, long y_first, global float* gy, long gy_first, global float* variance, long variance_first, global float* gamma, long gamma_first, float epsilon, global float* gx, long gx_first, global float* gshortcut, long gshortcut_first, int channels, long rows)
{
    y += y_first;
    gy += gy_first;
    variance += variance_first;
    gamma += gamma_first;
    gx += gx_first;
    gshortcut += gshortcut_first;
    int c = DeviceIndex_Channel();
    long row = DeviceIndex_Row();
    if (c >= channels || row >= rows)
    {
        return;
    }
    long i = row * (long)channels + (long)c;
    float gradient = gy[i] * (y[i] > 0.0f ? 1.0f : 0.0f);
    gshortcut[i] = gradient;
    gx[i] = gamma[c] / sqrt(variance[c] + epsilon) * gradient;
}

