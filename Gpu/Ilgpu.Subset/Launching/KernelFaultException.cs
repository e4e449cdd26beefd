namespace NativeFree.Gpu;

/// <summary>The emulator found a kernel at fault: the message names kernel, line, element and work-items.</summary>
public sealed class KernelFaultException : Exception
{
    /// <summary>Makes one.</summary>
    public KernelFaultException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one around what the kernel threw.</summary>
    public KernelFaultException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
