// OptimizerKernels.RmsProp: groups of 256 x 1 x 1 work-items.

typedef struct
{
    float Rate;
    float Rho;
    float Epsilon;
    int IsInside;
    long Count;
} RmsPropArguments;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// OptimizerKernels.cs:58
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void RmsProp(global float* p, long p_first, global float* g, long g_first, global float* v, long v_first, RmsPropArguments step)
{
    p += p_first;
    g += g_first;
    v += v_first;
    long i = DeviceIndex_Element();
    if (i >= step.Count)
    {
        return;
    }
    float mean = step.Rho * v[i] + (1.0f - step.Rho) * (g[i] * g[i]);
    v[i] = mean;
    float root = step.IsInside != 0 ? sqrt(mean + step.Epsilon) : sqrt(mean) + step.Epsilon;
    p[i] -= step.Rate * (g[i] / root);
}

