// MatrixMultiplyKernels.Tiled<AsStored, StoredTransposed>: groups of 16 x 16 x 1 work-items.

enum { Depth = 16, PerItem = 4, Side = 16, Tile = 64 };

typedef struct
{
    int M;
    int N;
    int K;
    int HasBias;
    int HasAddend;
    int HasRelu;
} MatrixMultiplyArguments;

// MatrixMultiplyKernels.cs:23
int AsStored_Index(int row, int column, int rows, int columns)
{
    return row * columns + column;
}

// tile[k, row] = A[row0 + row, k0 + k], zero outside.
// MatrixMultiplyKernels.cs:110
void MatrixMultiplyKernels_Load(global float* a, local float* tile, int row0, int k0, int rows, int depth)
{
    for (int i = (int)(get_local_id(1) * 16 + get_local_id(0)); i < Depth * Tile; i += Side * Side) // :113
    {
        int k = i % Depth;
        int row = i / Depth;
        bool inside = row0 + row < rows && k0 + k < depth;
        tile[k * Tile + row] = inside ? a[AsStored_Index(row0 + row, k0 + k, rows, depth)] : 0.0f;
    }
}

// MatrixMultiplyKernels.cs:31
int StoredTransposed_Index(int row, int column, int rows, int columns)
{
    return column * rows + row;
}

// tile[k, column] = B[k0 + k, column0 + column], zero outside.
// MatrixMultiplyKernels.cs:123
void MatrixMultiplyKernels_LoadB(global float* b, local float* tile, int k0, int column0, int depth, int columns)
{
    for (int i = (int)(get_local_id(1) * 16 + get_local_id(0)); i < Depth * Tile; i += Side * Side) // :126
    {
        int k = i % Depth;
        int column = i / Depth;
        bool inside = k0 + k < depth && column0 + column < columns;
        tile[k * Tile + column] = inside ? b[StoredTransposed_Index(k0 + k, column0 + column, depth, columns)] : 0.0f;
    }
}

// MatrixMultiplyKernels.cs:49
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Tiled_AsStored_StoredTransposed(global float* a, long a_first, global float* b, long b_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, MatrixMultiplyArguments size)
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
    int x = (int)get_local_id(0);
    int y0 = (int)get_local_id(1);
    int row0 = (int)get_group_id(1) * Tile;
    int column0 = (int)get_group_id(0) * Tile;
    #pragma unroll
    for (int i = 0; i < PerItem * PerItem; i++) // :62
    {
        sums[i] = 0.0f;
    }
    for (int k0 = 0; k0 < size.K; k0 += Depth) // :65
    {
        MatrixMultiplyKernels_Load(a, tileA, row0, k0, size.M, size.K);
        MatrixMultiplyKernels_LoadB(b, tileB, k0, column0, size.K, size.N);
        barrier(CLK_LOCAL_MEM_FENCE); // :69
        for (int k = 0; k < Depth; k++) // :70
        {
            #pragma unroll
            for (int i = 0; i < PerItem; i++) // :72
            {
                left[i] = tileA[k * Tile + y0 + i * Side];
                right[i] = tileB[k * Tile + x + i * Side];
            }
            #pragma unroll
            for (int i = 0; i < PerItem; i++) // :77
            {
                #pragma unroll
                for (int j = 0; j < PerItem; j++) // :79
                {
                    sums[i * PerItem + j] += left[i] * right[j];
                }
            }
        }
        // The tiles are overwritten next.
        barrier(CLK_LOCAL_MEM_FENCE); // :84
    }
    #pragma unroll
    for (int i = 0; i < PerItem; i++) // :87
    {
        #pragma unroll
        for (int j = 0; j < PerItem; j++) // :89
        {
            int row = row0 + y0 + i * Side;
            int column = column0 + x + j * Side;
            if (row < size.M && column < size.N)
            {
                int at = row * size.N + column;
                float value = sums[i * PerItem + j];
                if (size.HasBias != 0)
                {
                    value += bias[column];
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
        }
    }
}

