// OptimizerKernels.Momentum: groups of 256 x 1 x 1 work-items.

typedef struct
{
    float Rate;
    float Momentum;
    int IsNesterov;
    long Count;
} MomentumArguments;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// OptimizerKernels.cs:24
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Momentum(global float* p, long p_first, global float* g, long g_first, global float* v, long v_first, MomentumArguments step)
{
    p += p_first;
    g += g_first;
    v += v_first;
    long i = DeviceIndex_Element();
    if (i >= step.Count)
    {
        return;
    }
    float push = -(step.Rate * g[i]);
    float velocity = step.Momentum * v[i] + push;
    v[i] = velocity;
    p[i] += step.IsNesterov != 0 ? step.Momentum * velocity + push : velocity;
}

