// NormalizationKernels.LocalResponse: groups of 256 x 1 x 1 work-items.

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

// NormalizationKernels.cs:94
static inline float NormalizationKernels_ResponseOf(global float* x, long row, int c, ResponseArguments response)
{
    return x[row + (long)c] * pow(NormalizationKernels_Base(x, row, c, response), -response.Beta);
}

// NormalizationKernels.cs:63
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void LocalResponse(global float* x, long x_first, global float* y, long y_first, ResponseArguments response, long count)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    int c = (int)(i % (long)response.Channels);
    y[i] = NormalizationKernels_ResponseOf(x, i - (long)c, c, response);
}

