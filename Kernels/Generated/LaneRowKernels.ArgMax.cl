// LaneRowKernels.ArgMax: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Rows = 8 };

// LaneRowKernels.cs:57
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void ArgMax(global float* x, long x_first, global int* places, long places_first, int length, long rows)
{
    x += x_first;
    places += places_first;
    float values[Count];
    float blocks[Count];
    int whole = length / Count * Count;
    for (int i = 0; i < Rows; i++) // :62
    {
        long row = (long)(int)get_group_id(0) * 8L + (long)i;
        if (row < rows)
        {
            long start = row * (long)length;
            float16 largest = (vload16(0, x + start));
            // Where the lane's sixteen columns begin.
            float16 block = ((float16)(0.0f));
            for (int l = Count; l < whole; l += Count) // :71
            {
                float16 value = (vload16(0, x + (start + (long)l)));
                block = ((value <= largest | largest != largest) ? block : (float16)(((float)l)));
                largest = ((value <= largest | largest != largest) ? largest : value);
            }
            (vstore16(largest, 0, values + 0L));
            (vstore16(block, 0, blocks + 0L));
            float best = values[0];
            int place = (int)blocks[0];
            for (int lane = 1; lane < Count; lane++) // :81
            {
                float value = values[lane];
                int mine = (int)blocks[lane] + lane;
                bool equal = value == best || isnan(value) && isnan(best);
                bool larger = value > best || isnan(value) && !isnan(best) || equal && mine < place;
                best = larger ? value : best;
                place = larger ? mine : place;
            }
            for (int l = whole; l < length; l++) // :90
            {
                float value = x[start + (long)l];
                bool larger = value > best || isnan(value) && !isnan(best);
                best = larger ? value : best;
                place = larger ? l : place;
            }
            places[row] = place;
        }
    }
}

