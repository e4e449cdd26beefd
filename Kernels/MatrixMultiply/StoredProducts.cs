using ILGPU;

namespace NativeFree.Kernels;

// Matrix products of two stored matrices, one type for each way in which they lie.

/// <summary>A and B as stored: [M,K] · [K,N].</summary>
internal readonly record struct PlainProduct(int M, int N, int K) : IProductProblem
{
    public static int StepsAreNeighboursInA => 1;

    public static int StepsAreNeighboursInB => 0;

    public Place Row(int row, int group) => new((long)row * K, row < M ? 0 : Place.Outside, 0);

    public Place StepInA(int k, int group) => new(k, 0, 0);

    public float A(ArrayView<float> a, Place row, Place step) => row.Y < 0 || step.Y < 0 ? 0 : a[row.At + step.At];

    public Place StepInB(int k, int group) => new((long)k * N, 0, 0);

    public Place Column(int column, int group) => new(column, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>A stored as [K,M].</summary>
internal readonly record struct LeftTransposedProduct(int M, int N, int K) : IProductProblem
{
    public static int StepsAreNeighboursInA => 0;

    public static int StepsAreNeighboursInB => 0;

    public Place Row(int row, int group) => new(row, row < M ? 0 : Place.Outside, 0);

    public Place StepInA(int k, int group) => new((long)k * M, 0, 0);

    public float A(ArrayView<float> a, Place row, Place step) => row.Y < 0 || step.Y < 0 ? 0 : a[row.At + step.At];

    public Place StepInB(int k, int group) => new((long)k * N, 0, 0);

    public Place Column(int column, int group) => new(column, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>B stored as [N,K].</summary>
internal readonly record struct RightTransposedProduct(int M, int N, int K) : IProductProblem
{
    public static int StepsAreNeighboursInA => 1;

    public static int StepsAreNeighboursInB => 1;

    public Place Row(int row, int group) => new((long)row * K, row < M ? 0 : Place.Outside, 0);

    public Place StepInA(int k, int group) => new(k, 0, 0);

    public float A(ArrayView<float> a, Place row, Place step) => row.Y < 0 || step.Y < 0 ? 0 : a[row.At + step.At];

    public Place StepInB(int k, int group) => new(k, 0, 0);

    public Place Column(int column, int group) => new((long)column * K, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>A stored as [K,M], B as [N,K].</summary>
internal readonly record struct BothTransposedProduct(int M, int N, int K) : IProductProblem
{
    public static int StepsAreNeighboursInA => 0;

    public static int StepsAreNeighboursInB => 1;

    public Place Row(int row, int group) => new(row, row < M ? 0 : Place.Outside, 0);

    public Place StepInA(int k, int group) => new((long)k * M, 0, 0);

    public float A(ArrayView<float> a, Place row, Place step) => row.Y < 0 || step.Y < 0 ? 0 : a[row.At + step.At];

    public Place StepInB(int k, int group) => new(k, 0, 0);

    public Place Column(int column, int group) => new((long)column * K, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}

/// <summary>Many products of equal extents, one behind the other: [groups,M,K] · [groups,K,N].</summary>
internal readonly record struct BatchedProduct(int M, int N, int K) : IProductProblem
{
    public static int StepsAreNeighboursInA => 1;

    public static int StepsAreNeighboursInB => 0;

    public Place Row(int row, int group) => new((((long)group * M) + row) * K, row < M ? 0 : Place.Outside, 0);

    public Place StepInA(int k, int group) => new(k, 0, 0);

    public float A(ArrayView<float> a, Place row, Place step) => row.Y < 0 || step.Y < 0 ? 0 : a[row.At + step.At];

    public Place StepInB(int k, int group) => new((((long)group * K) + k) * N, 0, 0);

    public Place Column(int column, int group) => new(column, 0, 0);

    public float B(ArrayView<float> b, Place step, Place column) => b[step.At + column.At];
}
