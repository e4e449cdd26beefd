// ResidualKernels.Forward: groups of 32 x 8 x 1 work-items.

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

// ResidualKernels.cs:12
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Forward(global float* x, long x_first, global float* mean, long mean_first, global float* variance, long variance_first, global float* gamma, long gamma_first, global float* beta, long beta_first, float epsilon, global float* shortcut, long shortcut_first, global float* y, long y_first, int channels, long rows)
{
    x += x_first;
    mean += mean_first;
    variance += variance_first;
    gamma += gamma_first;
    beta += beta_first;
    shortcut += shortcut_first;
    y += y_first;
    int c = DeviceIndex_Channel();
    long row = DeviceIndex_Row();
    if (c >= channels || row >= rows)
    {
        return;
    }
    long i = row * (long)channels + (long)c;
    float factor = gamma[c] / sqrt(variance[c] + epsilon);
    float sum = (x[i] - mean[c]) * factor + beta[c] + shortcut[i];
    y[i] = sum < 0.0f ? 0.0f : sum;
}

