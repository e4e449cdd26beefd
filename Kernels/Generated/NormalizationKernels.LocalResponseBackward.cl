// NormalizationKernels.LocalResponseBackward: groups of 256 x 1 x 1 work-items.

typedef struct
{
    int Channels;
    int Half;
    float K;
    float Alpha;
    float Beta;
} ResponseArguments;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// k + alpha · Σ x² over the window around channel c.
// NormalizationKernels.cs:111
static inline float NormalizationKernels_Base(global float* x, long row, int c, ResponseArguments response)
{
    int first = max(c - response.Half, 0);
    int last = min(c + response.Half, response.Channels - 1);
    float sum = 0.0f;
    for (int j = first; j <= last; j++) // :116
    {
        sum += x[row + (long)j] * x[row + (long)j];
    }
    return response.K + response.Alpha * sum;
}

// NormalizationKernels.cs:100
static inline float NormalizationKernels_ResponseGradientOf(global float* x, global float* gy, global float* powers, long row, int c, ResponseArguments response)
{
    int first = max(c - response.Half, 0);
    int last = min(c + response.Half, response.Channels - 1);
    float sum = 0.0f;
    for (int j = first; j <= last; j++) // :105
    {
        sum += gy[row + (long)j] * x[row + (long)j] * powers[row + (long)j];
    }
    return gy[row + (long)c] * (powers[row + (long)c] * NormalizationKernels_Base(x, row, c, response)) - 2.0f * response.Alpha * response.Beta * x[row + (long)c] * sum;
}

// NormalizationKernels.cs:84
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void LocalResponseBackward(global float* x, long x_first, global float* gy, long gy_first, global float* powers, long powers_first, global float* gx, long gx_first, ResponseArguments response, long count)
{
    x += x_first;
    gy += gy_first;
    powers += powers_first;
    gx += gx_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    int c = (int)(i % (long)response.Channels);
    gx[i] = NormalizationKernels_ResponseGradientOf(x, gy, powers, i - (long)c, c, response);
}

