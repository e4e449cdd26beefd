using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>
/// Sixteen neighbouring floats that one work-item computes with: OpenCL's float16. A driver that runs work-items on a processor keeps them in vector registers (one of 512 bits, or two of 256); a GPU would spread them over
/// registers of its own, so only kernels with one work-item a group use them.
/// </summary>
[OpenClForm("float16")]
internal struct DeviceLanes
{
    public const int Count = 16;

    public float L0, L1, L2, L3;
    public float L4, L5, L6, L7;
    public float L8, L9, L10, L11;
    public float L12, L13, L14, L15;

    /// <summary>The value in every lane.</summary>
    [OpenClForm("(float16)({0})")]
    public static DeviceLanes Of(float value) => new()
    {
        L0 = value, L1 = value, L2 = value, L3 = value,
        L4 = value, L5 = value, L6 = value, L7 = value,
        L8 = value, L9 = value, L10 = value, L11 = value,
        L12 = value, L13 = value, L14 = value, L15 = value,
    };

    /// <summary>view[at] … view[at + 15]; any element may be the first.</summary>
    [OpenClForm("vload16(0, {0} + {1})")]
    public static DeviceLanes Load(ArrayView<float> view, long at) => new()
    {
        L0 = view[at], L1 = view[at + 1], L2 = view[at + 2], L3 = view[at + 3],
        L4 = view[at + 4], L5 = view[at + 5], L6 = view[at + 6], L7 = view[at + 7],
        L8 = view[at + 8], L9 = view[at + 9], L10 = view[at + 10], L11 = view[at + 11],
        L12 = view[at + 12], L13 = view[at + 13], L14 = view[at + 14], L15 = view[at + 15],
    };

    /// <summary>view[at] … view[at + 15] = lanes.</summary>
    [OpenClForm("vstore16({2}, 0, {0} + {1})")]
    public static void Store(ArrayView<float> view, long at, DeviceLanes lanes)
    {
        view[at] = lanes.L0;
        view[at + 1] = lanes.L1;
        view[at + 2] = lanes.L2;
        view[at + 3] = lanes.L3;
        view[at + 4] = lanes.L4;
        view[at + 5] = lanes.L5;
        view[at + 6] = lanes.L6;
        view[at + 7] = lanes.L7;
        view[at + 8] = lanes.L8;
        view[at + 9] = lanes.L9;
        view[at + 10] = lanes.L10;
        view[at + 11] = lanes.L11;
        view[at + 12] = lanes.L12;
        view[at + 13] = lanes.L13;
        view[at + 14] = lanes.L14;
        view[at + 15] = lanes.L15;
    }

    /// <summary>sum + factor·lanes; a device may round once instead of twice.</summary>
    [OpenClForm("{0} + {1} * {2}")]
    public static DeviceLanes MultiplyAdd(DeviceLanes sum, float factor, DeviceLanes lanes) => new()
    {
        L0 = sum.L0 + (factor * lanes.L0), L1 = sum.L1 + (factor * lanes.L1), L2 = sum.L2 + (factor * lanes.L2), L3 = sum.L3 + (factor * lanes.L3),
        L4 = sum.L4 + (factor * lanes.L4), L5 = sum.L5 + (factor * lanes.L5), L6 = sum.L6 + (factor * lanes.L6), L7 = sum.L7 + (factor * lanes.L7),
        L8 = sum.L8 + (factor * lanes.L8), L9 = sum.L9 + (factor * lanes.L9), L10 = sum.L10 + (factor * lanes.L10), L11 = sum.L11 + (factor * lanes.L11),
        L12 = sum.L12 + (factor * lanes.L12), L13 = sum.L13 + (factor * lanes.L13), L14 = sum.L14 + (factor * lanes.L14), L15 = sum.L15 + (factor * lanes.L15),
    };

    /// <summary>a + b.</summary>
    [OpenClForm("{0} + {1}")]
    public static DeviceLanes Add(DeviceLanes a, DeviceLanes b) => new()
    {
        L0 = a.L0 + b.L0, L1 = a.L1 + b.L1, L2 = a.L2 + b.L2, L3 = a.L3 + b.L3,
        L4 = a.L4 + b.L4, L5 = a.L5 + b.L5, L6 = a.L6 + b.L6, L7 = a.L7 + b.L7,
        L8 = a.L8 + b.L8, L9 = a.L9 + b.L9, L10 = a.L10 + b.L10, L11 = a.L11 + b.L11,
        L12 = a.L12 + b.L12, L13 = a.L13 + b.L13, L14 = a.L14 + b.L14, L15 = a.L15 + b.L15,
    };

    /// <summary>0 in place of what is below it; NaN stays.</summary>
    [OpenClForm("{0} < 0.0f ? (float16)(0.0f) : {0}")]
    public static DeviceLanes Rectify(DeviceLanes a) => new()
    {
        L0 = a.L0 < 0 ? 0 : a.L0, L1 = a.L1 < 0 ? 0 : a.L1, L2 = a.L2 < 0 ? 0 : a.L2, L3 = a.L3 < 0 ? 0 : a.L3,
        L4 = a.L4 < 0 ? 0 : a.L4, L5 = a.L5 < 0 ? 0 : a.L5, L6 = a.L6 < 0 ? 0 : a.L6, L7 = a.L7 < 0 ? 0 : a.L7,
        L8 = a.L8 < 0 ? 0 : a.L8, L9 = a.L9 < 0 ? 0 : a.L9, L10 = a.L10 < 0 ? 0 : a.L10, L11 = a.L11 < 0 ? 0 : a.L11,
        L12 = a.L12 < 0 ? 0 : a.L12, L13 = a.L13 < 0 ? 0 : a.L13, L14 = a.L14 < 0 ? 0 : a.L14, L15 = a.L15 < 0 ? 0 : a.L15,
    };
}
