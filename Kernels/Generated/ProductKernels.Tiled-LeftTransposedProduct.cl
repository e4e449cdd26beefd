// ProductKernels.Tiled<LeftTransposedProduct>: groups of 16 x 16 x 1 work-items.

enum { Depth = 16, Outside = -536870912, PerItem = 4, Side = 16, Tile = 64 };

typedef struct
{
    int M;
    int N;
    int K;
} LeftTransposedProduct;

typedef struct
{
    int Rows;
    int Columns;
    int Depth;
    int Groups;
    int DepthOfPart;
    long Pitch;
    long GroupOfResult;
    long ResultOfPart;
    int HasBias;
    int HasAddend;
    int HasRelu;
} ProductSize;

typedef struct
{
    long At;
    int Y;
    int X;
} Place;

// StoredProducts.cs:34
static inline Place LeftTransposedProduct_Row(LeftTransposedProduct self, int row, int group)
{
    return (Place){ .At = (long)row, .Y = row < self.M ? 0 : Outside, .X = 0 };
}

// StoredProducts.cs:36
static inline Place LeftTransposedProduct_StepInA(LeftTransposedProduct self, int k, int group)
{
    return (Place){ .At = (long)k * (long)self.M, .Y = 0, .X = 0 };
}

// StoredProducts.cs:38
static inline float LeftTransposedProduct_A(LeftTransposedProduct self, global float* a, Place row, Place step)
{
    return row.Y < 0 || step.Y < 0 ? 0.0f : a[row.At + step.At];
}

// tile[k, row] = A[row0 + row, k0 + k]; zero behind the last step and row.
// ProductKernels.cs:108
static inline void ProductKernels_LoadA(global float* a, local float* tile, int row0, int k0, int end, int group, LeftTransposedProduct problem)
{
    int item = (int)(get_local_id(1) * 16 + get_local_id(0));
    {
        int row = item % Tile;
        Place place = LeftTransposedProduct_Row(problem, row0 + row, group);
        for (int k = item / Tile; k < Depth; k += Side * Side / Tile) // :123
        {
            Place step = k0 + k < end ? LeftTransposedProduct_StepInA(problem, k0 + k, group) : (Place){ .At = 0L, .Y = Outside, .X = Outside };
            tile[k * Tile + row] = LeftTransposedProduct_A(problem, a, place, step);
        }
    }
}

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

// tile[k, column] = B[k0 + k, column0 + column]; zero behind the last step and column.
// ProductKernels.cs:132
static inline void ProductKernels_LoadB(global float* b, local float* tile, int column0, int k0, int end, int columns, int group, LeftTransposedProduct problem)
{
    for (int i = (int)(get_local_id(1) * 16 + get_local_id(0)); i < Depth * Tile; i += Side * Side) // :135
    {
        int k = i / Tile;
        int column = i % Tile;
        float value = 0.0f;
        if (k0 + k < end && column0 + column < columns)
        {
            value = LeftTransposedProduct_B(problem, b, LeftTransposedProduct_StepInB(problem, k0 + k, group), LeftTransposedProduct_Column(problem, column0 + column, group));
        }
        tile[k * Tile + column] = value;
    }
}

// ProductKernels.cs:146
static inline void ProductKernels_Store(global float* bias, global float* addend, global float* y, int row, int column, float sum, int group, int part, ProductSize size)
{
    if (row >= size.Rows || column >= size.Columns)
    {
        return;
    }
    long at = (long)row * size.Pitch + (long)group * size.GroupOfResult + (long)column + (long)part * size.ResultOfPart;
    float value = sum;
    if (size.HasBias != 0)
    {
        value += bias[group * size.Columns + column];
    }
    if (size.HasAddend != 0)
    {
        value += addend[at];
    }
    if (size.HasRelu != 0)
    {
        value = value < 0.0f ? 0.0f : value;
    }
    y[at] = value;
}

// ProductKernels.cs:59
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Tiled_LeftTransposedProduct(global float* a, long a_first, global float* b, long b_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, LeftTransposedProduct problem, ProductSize size)
{
    a += a_first;
    b += b_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    local float tileA[Depth * Tile];
    local float tileB[Depth * Tile];
    float sums[PerItem * PerItem];
    float left[PerItem];
    float right[PerItem];
    int column = (int)get_local_id(0);
    int row = (int)get_local_id(1);
    int row0 = (int)get_group_id(1) * Tile;
    int column0 = (int)get_group_id(0) * Tile;
    int group = (int)get_group_id(2) % size.Groups;
    int part = (int)get_group_id(2) / size.Groups;
    int end = (part + 1) * size.DepthOfPart;
    end = end < size.Depth ? end : size.Depth;
    #pragma unroll
    for (int i = 0; i < PerItem * PerItem; i++) // :75
    {
        sums[i] = 0.0f;
    }
    for (int k0 = part * size.DepthOfPart; k0 < end; k0 += Depth) // :78
    {
        ProductKernels_LoadA(a, tileA, row0, k0, end, group, problem);
        ProductKernels_LoadB(b, tileB, column0, k0, end, size.Columns, group, problem);
        barrier(CLK_LOCAL_MEM_FENCE); // :82
        for (int k = 0; k < Depth; k++) // :83
        {
            #pragma unroll
            for (int i = 0; i < PerItem; i++) // :85
            {
                left[i] = tileA[k * Tile + row + i * Side];
                right[i] = tileB[k * Tile + column + i * Side];
            }
            #pragma unroll
            for (int i = 0; i < PerItem; i++) // :90
            {
                #pragma unroll
                for (int j = 0; j < PerItem; j++) // :92
                {
                    sums[i * PerItem + j] += left[i] * right[j];
                }
            }
        }
        // The tiles are overwritten next.
        barrier(CLK_LOCAL_MEM_FENCE); // :97
    }
    #pragma unroll
    for (int i = 0; i < PerItem; i++) // :100
    {
        #pragma unroll
        for (int j = 0; j < PerItem; j++) // :102
        {
            ProductKernels_Store(bias, addend, y, row0 + row + i * Side, column0 + column + j * Side, sums[i * PerItem + j], group, part, size);
        }
    }
}

