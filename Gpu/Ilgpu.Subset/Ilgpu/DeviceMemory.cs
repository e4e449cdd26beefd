namespace ILGPU;

/// <summary>Memory that the work-items of a group share. Inside kernels only.</summary>
public static class SharedMemory
{
    /// <summary>An array of <paramref name="length"/> elements, a constant, for the whole group; its contents are arbitrary at first.</summary>
    /// <exception cref="InvalidOperationException">Always outside a kernel.</exception>
    public static ArrayView<T> Allocate<T>(int length)
        where T : unmanaged => throw DeviceCode.OnlyInKernel("SharedMemory.Allocate");
}

/// <summary>Memory of one work-item. Inside kernels only.</summary>
public static class LocalMemory
{
    /// <summary>An array of <paramref name="length"/> elements, a constant, for this work-item; its contents are arbitrary at first.</summary>
    /// <exception cref="InvalidOperationException">Always outside a kernel.</exception>
    public static ArrayView<T> Allocate<T>(int length)
        where T : unmanaged => throw DeviceCode.OnlyInKernel("LocalMemory.Allocate");
}
