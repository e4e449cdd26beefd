using ILGPU;

namespace NativeFree.Gpu;

/// <summary>Takes a kernel's arguments one after another.</summary>
public interface IKernelArguments
{
    /// <summary>A view: the buffer, then its first element as a long.</summary>
    void View<T>(in ArrayView<T> view)
        where T : unmanaged;

    /// <summary>A number or a struct of numbers.</summary>
    void Value<T>(in T value)
        where T : unmanaged;
}
