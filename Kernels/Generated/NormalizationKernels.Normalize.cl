// NormalizationKernels.Normalize: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:15
static inline long DeviceIndex_First(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// DeviceIndex.cs:18
static inline long DeviceIndex_Step(void)
{
    return (long)(int)get_num_groups(0) * 256L;
}

// NormalizationKernels.cs:12
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Normalize(global float* x, long x_first, global float* mean, long mean_first, global float* variance, long variance_first, global float* gamma, long gamma_first, global float* beta, long beta_first, float epsilon, global float* y, long y_first, int channels, long count)
{
    x += x_first;
    mean += mean_first;
    variance += variance_first;
    gamma += gamma_first;
    beta += beta_first;
    y += y_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :15
    {
        int c = (int)(i % (long)channels);
        float factor = gamma[c] / sqrt(variance[c] + epsilon);
        y[i] = (x[i] - mean[c]) * factor + beta[c];
    }
}

