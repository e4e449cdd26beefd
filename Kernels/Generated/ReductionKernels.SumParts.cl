// ReductionKernels.SumParts: groups of 256 x 1 x 1 work-items.

typedef struct
{
    long Count;
    int Parts;
    int Columns;
    int HasBias;
    int HasAddend;
    int HasRelu;
} PartsArguments;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// y = epilogue(Σ over parts of partial[part]): the end of a product whose depth was cut.
// ReductionKernels.cs:103
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SumParts(global float* partial, long partial_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, PartsArguments parts)
{
    partial += partial_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= parts.Count)
    {
        return;
    }
    float sum = 0.0f;
    for (int part = 0; part < parts.Parts; part++) // :109
    {
        sum += partial[(long)part * parts.Count + i];
    }
    if (parts.HasBias != 0)
    {
        sum += bias[i % (long)parts.Columns];
    }
    if (parts.HasAddend != 0)
    {
        sum += addend[i];
    }
    if (parts.HasRelu != 0)
    {
        sum = sum < 0.0f ? 0.0f : sum;
    }
    y[i] = sum;
}

