// RowProductKernels.Pack<FilterGradientProblem>: groups of 16 x 16 x 1 work-items.

enum { PackSide = 16 };

typedef struct
{
    int H;
    int W;
    int C;
    int P;
    int Q;
    int O;
    int R;
    int S;
    int I;
    int GroupO;
    int StrideY;
    int StrideX;
    int PadTop;
    int PadLeft;
    int DilationY;
    int DilationX;
    int YPitch;
} ConvolutionSizes;

typedef struct
{
    ConvolutionSizes Sizes;
    int FilterRows;
} FilterGradientProblem;

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

// ConvolutionProblems.cs:123
static inline Place FilterGradientProblem_StepInB(FilterGradientProblem self, int k, int group)
{
    return (Place){ .At = (long)k * (long)self.Sizes.YPitch, .Y = 0, .X = 0 };
}

// ConvolutionProblems.cs:125
static inline Place FilterGradientProblem_Column(FilterGradientProblem self, int column, int group)
{
    return (Place){ .At = (long)(group * self.Sizes.GroupO + column), .Y = 0, .X = 0 };
}

// ConvolutionProblems.cs:127
static inline float FilterGradientProblem_B(FilterGradientProblem self, global float* b, Place step, Place column)
{
    return b[step.At + column.At];
}

// RowProductKernels.cs:152
kernel __attribute__((reqd_work_group_size(16, 16, 1)))
void Pack_FilterGradientProblem(global float* b, long b_first, global float* packed, long packed_first, FilterGradientProblem problem, PackSize size)
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
    Place step = FilterGradientProblem_StepInB(problem, k, group);
    for (int column = (int)get_local_id(0); column < size.Width; column += PackSide) // :162
    {
        int source = panel * size.Width + column;
        packed[to + (long)column] = source < size.Columns ? FilterGradientProblem_B(problem, b, step, FilterGradientProblem_Column(problem, source, group)) : 0.0f;
    }
}

