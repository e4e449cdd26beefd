// RowProductKernels.Pack<RightTransposedProduct>: groups of 16 x 16 x 1 work-items.

enum { PackSide = 16 };

typedef struct
{
    int M;
    int N;
    int K;
} RightTransposedProduct;

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

// StoredProducts.cs:60
static inline Place RightTransposedProduct_StepInB(RightTransposedProduct self, int k, int group)
{
    return (Place){ .At = (long)k, .Y = 0, .X = 0 };
}

// StoredProducts.cs:62
static inline Place RightTransposedProduct_Column(RightTransposedProduct self, int column, int group)
{
    return (Place){ .At = (long)column * (long)self.K, .Y = 0, .X = 0 };
}

// StoredProducts.cs:64
static inline float RightTransposedProduct_B(RightTransposedProduct self, global float* b, Place step, Place column)
{
    return b[step.At + column.At];
}

// RowProductKernels.cs:152
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Pack_RightTransposedProduct(global float* b, long b_first, global float* packed, long packed_first, RightTransposedProduct problem, PackSize size)
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
    Place step = RightTransposedProduct_StepInB(problem, k, group);
    for (int column = (int)get_local_id(0); column < size.Width; column += PackSide) // :162
    {
        int source = panel * size.Width + column;
        packed[to + (long)column] = source < size.Columns ? RightTransposedProduct_B(problem, b, step, RightTransposedProduct_Column(problem, source, group)) : 0.0f;
    }
}

