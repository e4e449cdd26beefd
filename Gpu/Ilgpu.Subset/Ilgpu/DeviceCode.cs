namespace ILGPU;

/// <summary>
/// The members that exist for kernels alone. The kernel compiler replaces them; a kernel that the host calls as an ordinary method meets them here.
/// </summary>
internal static class DeviceCode
{
    public static InvalidOperationException OnlyInKernel(string member) =>
        new($"{member}: works inside a kernel alone; the host called it; start the kernel through its launcher.");
}
