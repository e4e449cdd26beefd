// ReductionKernels.FindNotFinite: groups of 256 x 1 x 1 work-items.

enum { RowItems = 256 };

// A tree over the group: the same order of additions whatever the order of the work-items.
// ReductionKernels.cs:229
static inline float ReductionKernels_GroupSum(local float* sums, float own)
{
    sums[(int)get_local_id(0)] = own;
    barrier(CLK_LOCAL_MEM_FENCE); // :232
    for (int half_ = RowItems / 2; half_ > 0; half_ /= 2) // :233
    {
        if ((int)get_local_id(0) < half_)
        {
            sums[(int)get_local_id(0)] += sums[(int)get_local_id(0) + half_];
        }
        barrier(CLK_LOCAL_MEM_FENCE); // :237
    }
    float total = sums[0];
    // The next call writes here again.
    barrier(CLK_LOCAL_MEM_FENCE); // :241
    return total;
}

// partial[group] = how many of the group's work-items found a NaN or an infinity.
// ReductionKernels.cs:198
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void FindNotFinite(global float* x, long x_first, global float* partial, long partial_first, long count)
{
    x += x_first;
    partial += partial_first;
    local float sums[RowItems];
    float found = 0.0f;
    for (long i = (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0); i < count; i += (long)(int)get_num_groups(0) * 256L) // :202
    {
        found = isfinite(x[i]) ? found : 1.0f;
    }
    float total = ReductionKernels_GroupSum(sums, found);
    if ((int)get_local_id(0) == 0)
    {
        partial[(int)get_group_id(0)] = total;
    }
}

