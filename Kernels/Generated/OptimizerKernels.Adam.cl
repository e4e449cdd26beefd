// OptimizerKernels.Adam: groups of 256 x 1 x 1 work-items.

typedef struct
{
    float OneMinusBeta1;
    float OneMinusBeta2;
    float Rate;
    float Correction;
    float Epsilon;
    float Eta;
    float Retain;
    float Lower;
    float Upper;
} AdamStep;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// OptimizerKernels.cs:36
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Adam(global float* p, long p_first, global float* g, long g_first, global float* m, long m_first, global float* v, long v_first, global float* largest, long largest_first, AdamStep step, int keepsLargest, long count)
{
    p += p_first;
    g += g_first;
    m += m_first;
    v += v_first;
    largest += largest_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    float gradient = g[i];
    float first = m[i] + step.OneMinusBeta1 * (gradient - m[i]);
    float second = v[i] + step.OneMinusBeta2 * (gradient * gradient - v[i]);
    m[i] = first;
    v[i] = second;
    if (keepsLargest != 0)
    {
        second = largest[i] > second ? largest[i] : second;
        largest[i] = second;
    }
    float size = step.Rate / (sqrt(second) * step.Correction + step.Epsilon);
    size = size < step.Lower ? step.Lower : size;
    size = size > step.Upper ? step.Upper : size;
    p[i] = step.Retain * p[i] - step.Eta * (size * first);
}

