// LaneShortRowKernels.ArgMax: groups of 1 x 1 x 1 work-items.

enum { Blocks = 8, Count = 16, MostLength = 15 };

// So that no lane computes on what nobody wrote.
// LaneShortRowKernels.cs:88
static inline void LaneShortRowKernels_Clear(float* columns)
{
    for (int i = 0; i < MostLength * Count; i++) // :90
    {
        columns[i] = 0.0f;
    }
}

// LaneShortRowKernels.cs:83
static inline long LaneShortRowKernels_FirstRow(int block)
{
    return ((long)(int)get_group_id(0) * 8L + (long)block) * 16L;
}

// LaneShortRowKernels.cs:85
static inline int LaneShortRowKernels_RowsFrom(long row, long rows)
{
    return rows - row < 16L ? (int)(rows - row) : Count;
}

// LaneShortRowKernels.cs:94
static inline void LaneShortRowKernels_Gather(global float* x, long start, float* columns, int some, int length)
{
    for (int lane = 0; lane < some; lane++) // :96
    {
        for (int l = 0; l < length; l++) // :98
        {
            columns[l * Count + lane] = x[start + (long)(lane * length) + (long)l];
        }
    }
}

// The first of equal ones; NaN counts as the largest. A row has a column.
// LaneShortRowKernels.cs:57
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void ArgMax(global float* x, long x_first, global int* places, long places_first, int length, long rows)
{
    x += x_first;
    places += places_first;
    float columns[MostLength * Count];
    LaneShortRowKernels_Clear(columns);
    for (int block = 0; block < Blocks; block++) // :61
    {
        long row = LaneShortRowKernels_FirstRow(block);
        int some = LaneShortRowKernels_RowsFrom(row, rows);
        if (some > 0)
        {
            LaneShortRowKernels_Gather(x, row * (long)length, columns, some, length);
            float16 largest = (vload16(0, columns + 0L));
            float16 place = ((float16)(0.0f));
            for (int l = 1; l < length; l++) // :70
            {
                float16 value = (vload16(0, columns + ((long)(l * Count))));
                place = ((value <= largest | largest != largest) ? place : (float16)(((float)l)));
                largest = ((value <= largest | largest != largest) ? largest : value);
            }
            (vstore16(place, 0, columns + 0L));
            for (int lane = 0; lane < some; lane++) // :77
            {
                places[row + (long)lane] = (int)columns[lane];
            }
        }
    }
}

