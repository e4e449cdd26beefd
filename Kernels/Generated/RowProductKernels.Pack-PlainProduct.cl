// RowProductKernels.Pack<PlainProduct>: groups of 16 x 16 x 1 work-items.

enum { PackSide = 16 };

typedef struct
{
    int M;
    int N;
    int K;
} PlainProduct;

typedef struct
{
    int Columns;
    int Depth;
    int Panels;
    int Width;
} PackSize;

typedef struct
{
    long At;
    int Y;
    int X;
} Place;

// StoredProducts.cs:20
static inline Place PlainProduct_StepInB(PlainProduct self, int k, int group)
{
    return (Place){ .At = (long)k * (long)self.N, .Y = 0, .X = 0 };
}

// StoredProducts.cs:22
static inline Place PlainProduct_Column(PlainProduct self, int column, int group)
{
    return (Place){ .At = (long)column, .Y = 0, .X = 0 };
}

// StoredProducts.cs:24
static inline float PlainProduct_B(PlainProduct self, global float* b, Place step, Place column)
{
    return b[step.At + column.At];
}

// RowProductKernels.cs:152
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Pack_PlainProduct(global float* b, long b_first, global float* packed, long packed_first, PlainProduct problem, PackSize size)
{
    b += b_first;
    packed += packed_first;
    int k = (int)get_group_id(0) * PackSide + (int)get_local_id(1);
    int panel = (int)get_group_id(1);
    int group = (int)get_group_id(2);
    if (k >= size.Depth)
    {
        return;
    }
    long to = (((long)group * (long)size.Panels + (long)panel) * (long)size.Depth + (long)k) * (long)size.Width;
    Place step = PlainProduct_StepInB(problem, k, group);
    for (int column = (int)get_local_id(0); column < size.Width; column += PackSide) // :162
    {
        int source = panel * size.Width + column;
        packed[to + (long)column] = source < size.Columns ? PlainProduct_B(problem, b, step, PlainProduct_Column(problem, source, group)) : 0.0f;
    }
}

