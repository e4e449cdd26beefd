using System.Runtime.InteropServices;

namespace ILGPU.Runtime.OpenCL;

/// <summary>The functions of the system's OpenCL loader, found at first use. OpenCL 1.2, which every driver offers.</summary>
internal static unsafe class Cl
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    private static readonly nint Library = Load();

    public static readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)Find("clGetPlatformIDs");
    public static readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetPlatformInfo");
    public static readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Find("clGetDeviceIDs");
    public static readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetDeviceInfo");
    public static readonly delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint> CreateContext = (delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)Find("clCreateContext");
    public static readonly delegate* unmanaged<nint, int> ReleaseContext = (delegate* unmanaged<nint, int>)Find("clReleaseContext");
    public static readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Find("clCreateCommandQueue");
    public static readonly delegate* unmanaged<nint, int> ReleaseCommandQueue = (delegate* unmanaged<nint, int>)Find("clReleaseCommandQueue");
    public static readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Find("clCreateBuffer");
    public static readonly delegate* unmanaged<nint, int> ReleaseMemObject = (delegate* unmanaged<nint, int>)Find("clReleaseMemObject");
    public static readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueReadBuffer");
    public static readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueWriteBuffer");
    public static readonly delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueCopyBuffer = (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueCopyBuffer");
    public static readonly delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueFillBuffer = (delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueFillBuffer");
    public static readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Find("clCreateProgramWithSource");
    public static readonly delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint> CreateProgramWithBinary = (delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint>)Find("clCreateProgramWithBinary");
    public static readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int> BuildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int>)Find("clBuildProgram");
    public static readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetProgramInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetProgramInfo");
    public static readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)Find("clGetProgramBuildInfo");
    public static readonly delegate* unmanaged<nint, int> ReleaseProgram = (delegate* unmanaged<nint, int>)Find("clReleaseProgram");
    public static readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Find("clCreateKernel");
    public static readonly delegate* unmanaged<nint, int> ReleaseKernel = (delegate* unmanaged<nint, int>)Find("clReleaseKernel");
    public static readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Find("clSetKernelArg");
    public static readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueNdRangeKernel = (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Find("clEnqueueNDRangeKernel");
    public static readonly delegate* unmanaged<nint, uint, nint*, nint*, int> EnqueueMarker = (delegate* unmanaged<nint, uint, nint*, nint*, int>)Find("clEnqueueMarkerWithWaitList");
    public static readonly delegate* unmanaged<nint, int> Flush = (delegate* unmanaged<nint, int>)Find("clFlush");
    public static readonly delegate* unmanaged<nint, int> Finish = (delegate* unmanaged<nint, int>)Find("clFinish");
    public static readonly delegate* unmanaged<uint, nint*, int> WaitForEvents = (delegate* unmanaged<uint, nint*, int>)Find("clWaitForEvents");
    public static readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetEventProfilingInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetEventProfilingInfo");
    public static readonly delegate* unmanaged<nint, int> ReleaseEvent = (delegate* unmanaged<nint, int>)Find("clReleaseEvent");

    /// <summary>Whether the machine has an OpenCL loader.</summary>
    public static bool IsPresent => Library != 0;

    /// <summary>What was looked for, for the sentence that says that nothing was found.</summary>
    public static string LoaderNames => string.Join(", ", Names);

    /// <summary>Throws where a call failed.</summary>
    public static void Check(int code, string call)
    {
        if (code != 0)
            throw new NativeFree.Gpu.DeviceDriverException($"OpenCL: {call} failed with {ClError.Name(code)}.", code);
    }

    private static nint Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
                return handle;
        }
        return 0;
    }

    private static void* Find(string name) => Library == 0 ? null : NativeLibrary.TryGetExport(Library, name, out nint address) ? (void*)address : null;
}
