// LaneResponseKernels.Backward: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Pixels = 8 };

typedef struct
{
    int Channels;
    int Half;
    float K;
    float Alpha;
    float Beta;
} ResponseArguments;

// Blocks of sixteen channels that cover all whose windows are whole.
// LaneResponseKernels.cs:91
static inline int LaneResponseKernels_Blocks(ResponseArguments response)
{
    int whole = response.Channels - 2 * response.Half;
    return whole < Count ? 0 : (whole + Count - 1) / Count;
}

// LaneResponseKernels.cs:97
static inline int LaneResponseKernels_Begin(int block, ResponseArguments response)
{
    return min(response.Half + block * Count, response.Channels - response.Half - Count);
}

// k + alpha · Σ x² over the windows around sixteen channels.
// LaneResponseKernels.cs:105
static inline float16 LaneResponseKernels_Base(global float* x, long at, ResponseArguments response)
{
    float16 sum = ((float16)(0.0f));
    for (int j = -response.Half; j <= response.Half; j++) // :108
    {
        float16 value = (vload16(0, x + (at + (long)j)));
        sum = (sum + value * value);
    }
    return (((float16)(response.K)) + response.Alpha * sum);
}

// Channels that no block holds, whose windows are cut: as many before the blocks as behind them.
// LaneResponseKernels.cs:100
static inline int LaneResponseKernels_Edges(int blocks, ResponseArguments response)
{
    return blocks > 0 ? 2 * response.Half : response.Channels;
}

// LaneResponseKernels.cs:102
static inline int LaneResponseKernels_Edge(int edge, int blocks, ResponseArguments response)
{
    return blocks > 0 && edge >= response.Half ? response.Channels - 2 * response.Half + edge : edge;
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

// LaneResponseKernels.cs:63
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Backward(global float* x, long x_first, global float* gy, long gy_first, global float* powers, long powers_first, global float* gx, long gx_first, ResponseArguments response, long count)
{
    x += x_first;
    gy += gy_first;
    powers += powers_first;
    gx += gx_first;
    int blocks = LaneResponseKernels_Blocks(response);
    for (int i = 0; i < Pixels; i++) // :66
    {
        long row = ((long)(int)get_group_id(0) * 8L + (long)i) * (long)response.Channels;
        if (row < count)
        {
            for (int block = 0; block < blocks; block++) // :71
            {
                long at = row + (long)LaneResponseKernels_Begin(block, response);
                float16 sum = ((float16)(0.0f));
                for (int j = -response.Half; j <= response.Half; j++) // :75
                {
                    sum = (sum + ((vload16(0, gy + (at + (long)j))) * (vload16(0, x + (at + (long)j)))) * (vload16(0, powers + (at + (long)j))));
                }
                float16 own = ((vload16(0, gy + at)) * ((vload16(0, powers + at)) * LaneResponseKernels_Base(x, at, response)));
                float16 others = ((vload16(0, x + at)) * sum);
                (vstore16((own + (-2.0f * response.Alpha * response.Beta) * others), 0, gx + at));
            }
            for (int edge = 0; edge < LaneResponseKernels_Edges(blocks, response); edge++) // :81
            {
                int c = LaneResponseKernels_Edge(edge, blocks, response);
                gx[row + (long)c] = NormalizationKernels_ResponseGradientOf(x, gy, powers, row, c, response);
            }
        }
    }
}

