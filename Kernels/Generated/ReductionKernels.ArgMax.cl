// ReductionKernels.ArgMax: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// The first of equal ones; NaN counts as the largest.
// ReductionKernels.cs:211
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void ArgMax(global float* x, long x_first, global int* places, long places_first, int length, long rows)
{
    x += x_first;
    places += places_first;
    long row = DeviceIndex_Element();
    if (row >= rows)
    {
        return;
    }
    float best = x[row * (long)length];
    int place = 0;
    for (int l = 1; l < length; l++) // :218
    {
        float value = x[row * (long)length + (long)l];
        bool larger = value > best || isnan(value) && !isnan(best);
        best = larger ? value : best;
        place = larger ? l : place;
    }
    places[row] = place;
}

