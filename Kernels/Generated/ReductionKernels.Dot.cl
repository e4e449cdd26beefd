// ReductionKernels.Dot: groups of 256 x 1 x 1 work-items.

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

// partial[group] = Σ x·y over the group's elements; each work-item compensates its own sum (Neumaier), so that only the short tree rounds.
// ReductionKernels.cs:175
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Dot(global float* x, long x_first, global float* y, long y_first, global float* partial, long partial_first, long count)
{
    x += x_first;
    y += y_first;
    partial += partial_first;
    local float sums[RowItems];
    float sum = 0.0f;
    float lost = 0.0f;
    for (long i = (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0); i < count; i += (long)(int)get_num_groups(0) * 256L) // :180
    {
        float value = x[i] * y[i];
        float next = sum + value;
        lost += fabs(sum) >= fabs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }
    float total = ReductionKernels_GroupSum(sums, sum);
    float rest = ReductionKernels_GroupSum(sums, lost);
    if ((int)get_local_id(0) == 0)
    {
        partial[(int)get_group_id(0) * 2] = total;
        partial[(int)get_group_id(0) * 2 + 1] = rest;
    }
}

