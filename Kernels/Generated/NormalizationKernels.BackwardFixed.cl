// NormalizationKernels.BackwardFixed: groups of 256 x 1 x 1 work-items.

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

// NormalizationKernels.cs:46
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void BackwardFixed(global float* gy, long gy_first, global float* variance, long variance_first, global float* gamma, long gamma_first, float epsilon, global float* gx, long gx_first, int channels, long count)
{
    gy += gy_first;
    variance += variance_first;
    gamma += gamma_first;
    gx += gx_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :48
    {
        int c = (int)(i % (long)channels);
        gx[i] = gamma[c] / sqrt(variance[c] + epsilon) * gy[i];
    }
}

