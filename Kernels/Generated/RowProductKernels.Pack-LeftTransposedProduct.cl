// RowProductKernels.Pack<LeftTransposedProduct>: groups of 16 x 16 x 1 work-items.

enum { PackSide = 16 };

typedef struct
{
    int M;
    int N;
    int K;
} LeftTransposedProduct;

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

// StoredProducts.cs:40
static inline Place LeftTransposedProduct_StepInB(LeftTransposedProduct self, int k, int group)
{
    return (Place){ .At = (long)k * (long)self.N, .Y = 0, .X = 0 };
}

// StoredProducts.cs:42
static inline Place LeftTransposedProduct_Column(LeftTransposedProduct self, int column, int group)
{
    return (Place){ .At = (long)column, .Y = 0, .X = 0 };
}

// StoredProducts.cs:44
static inline float LeftTransposedProduct_B(LeftTransposedProduct self, global float* b, Place step, Place column)
{
    return b[step.At + column.At];
}

// RowProductKernels.cs:152
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Pack_LeftTransposedProduct(global float* b, long b_first, global float* packed, long packed_first, LeftTransposedProduct problem, PackSize size)
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
    Place step = LeftTransposedProduct_StepInB(problem, k, group);
    for (int column = (int)get_local_id(0); column < size.Width; column += PackSide) // :162
    {
        int source = panel * size.Width + column;
        packed[to + (long)column] = source < size.Columns ? LeftTransposedProduct_B(problem, b, step, LeftTransposedProduct_Column(problem, source, group)) : 0.0f;
    }
}

