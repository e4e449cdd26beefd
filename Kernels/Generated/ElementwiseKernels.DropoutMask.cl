// ElementwiseKernels.DropoutMask: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// SplitMix64's finalizer over seed and index: the same mask on every device.
// ElementwiseKernels.cs:129
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void DropoutMask(ulong seed, uint threshold, global float* mask, long mask_first, long count)
{
    mask += mask_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    ulong z = seed + (ulong)(i + 1L) * 11400714819323198485uL;
    z = (z ^ (z >> 30)) * 13787848793156543929uL;
    z = (z ^ (z >> 27)) * 10723151780598845931uL;
    z ^= z >> 31;
    mask[i] = (uint)(z >> 32) >= threshold ? 1.0f : 0.0f;
}

