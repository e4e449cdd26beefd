// NormalizationKernels.BackwardBatch: groups of 256 x 1 x 1 work-items.

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

// NormalizationKernels.cs:32
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void BackwardBatch(global float* x, long x_first, global float* gy, long gy_first, global float* mean, long mean_first, global float* variance, long variance_first, global float* gamma, long gamma_first, float epsilon, global float* ggamma, long ggamma_first, global float* gbeta, long gbeta_first, global float* gx, long gx_first, int channels, float rows, long count)
{
    x += x_first;
    gy += gy_first;
    mean += mean_first;
    variance += variance_first;
    gamma += gamma_first;
    ggamma += ggamma_first;
    gbeta += gbeta_first;
    gx += gx_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :36
    {
        int c = (int)(i % (long)channels);
        float inverse = 1.0f / sqrt(variance[c] + epsilon);
        float hat = (x[i] - mean[c]) * inverse;
        gx[i] = gamma[c] * inverse * (gy[i] - (hat * ggamma[c] + gbeta[c]) / rows);
    }
}

