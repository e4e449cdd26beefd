#if !ILGPU
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.OpenCL;
#endif
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>CLBlast, the tuned OpenCL BLAS library, on the same device, queue and buffers as our kernels. It is loaded where it is installed (Debian: libclblast1); nothing of ours needs it.</summary>
internal static unsafe class ClBlast
{
#if ILGPU
    /// <summary>Why it cannot be used on a device.</summary>
    public static string? AbsenceOn(GpuDevice device) => $"CLBlast: the build over the ILGPU packages does not hand out the OpenCL buffers of {device.Name}";

    public static void Multiply(GpuDevice device, Tensor a, Tensor b, Tensor y) => throw new BenchmarkException($"{AbsenceOn(device)}.");

    public static void Convolve(GpuDevice device, ConvolutionGeometry g, Tensor x, Tensor w, Tensor y) => throw new BenchmarkException($"{AbsenceOn(device)}.");
#else
    // Enumerations of clblast_c.h.
    private const int RowMajor = 101;
    private const int NotTransposed = 111;
    private const int CrossCorrelation = 151;

    private static readonly nint Library = Load();

    /// <summary>Why it cannot be used on a device, or null.</summary>
    public static string? AbsenceOn(GpuDevice device) =>
        device.Kind != DeviceKind.OpenCl ? "CLBlast runs on OpenCL devices" : Library == 0 ? "CLBlast is not installed (Debian: apt install libclblast1)" : null;

    /// <summary>y[m,n] = Σₖ a[m,k]·b[k,n], queued.</summary>
    public static void Multiply(GpuDevice device, Tensor a, Tensor b, Tensor y)
    {
        var run = (delegate* unmanaged<int, int, int, nuint, nuint, nuint, float, nint, nuint, nuint, nint, nuint, nuint, float, nint, nuint, nuint, nint*, nint*, int>)NativeLibrary.GetExport(Library, "CLBlastSgemm");
        nuint m = (nuint)a.Shape[0], k = (nuint)a.Shape[1], n = (nuint)b.Shape[1];
        (nint ab, nuint aAt) = Memory(device, a);
        (nint bb, nuint bAt) = Memory(device, b);
        (nint yb, nuint yAt) = Memory(device, y);
        nint queue = ((ClStream)device.Stream).Queue;
        Check("CLBlastSgemm", run(RowMajor, NotTransposed, NotTransposed, m, n, k, 1, ab, aAt, k, bb, bAt, n, 0, yb, yAt, n, &queue, null));
    }

    /// <summary>y = x ∗ w, queued; x [N,C,H,W], w [O,C,R,S], y [N,O,P,Q]: CLBlast's own layouts. im2col and a product inside.</summary>
    public static void Convolve(GpuDevice device, ConvolutionGeometry g, Tensor x, Tensor w, Tensor y)
    {
        var run = (delegate* unmanaged<int, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nuint, nint, nuint, nint, nuint, nint, nuint, nint*, nint*, int>)NativeLibrary.GetExport(
            Library, "CLBlastSconvgemm");
        (nint xb, nuint xAt) = Memory(device, x);
        (nint wb, nuint wAt) = Memory(device, w);
        (nint yb, nuint yAt) = Memory(device, y);
        nint queue = ((ClStream)device.Stream).Queue;
        Check("CLBlastSconvgemm", run(
            CrossCorrelation, (nuint)g.InChannels, (nuint)g.InHeight, (nuint)g.InWidth, (nuint)g.KernelHeight, (nuint)g.KernelWidth, (nuint)g.PadTop, (nuint)g.PadLeft, (nuint)g.StrideY, (nuint)g.StrideX,
            (nuint)g.DilationY, (nuint)g.DilationX, (nuint)g.OutChannels, (nuint)g.Batch, xb, xAt, wb, wAt, yb, yAt, &queue, null));
    }

    private static (nint Buffer, nuint First) Memory(GpuDevice device, Tensor tensor)
    {
        ArrayView<float> view = device.View(tensor);
        return (((ClMemory)view.Buffer!).Handle, (nuint)view.Start / sizeof(float));
    }

    private static void Check(string what, int status)
    {
        if (status != 0)
            throw new BenchmarkException($"{what}: CLBlast does the work; it returned {status}; see its clblast_c.h.");
    }

    private static nint Load()
    {
        foreach (string name in (string[])["libclblast.so.1", "libclblast.so", "clblast"])
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return library;
        }
        return 0;
    }
#endif
}
