namespace NativeFree.Kernels;

/// <summary>A device that is missing, was given another device's memory, or ran out of its own. The message reads <c>where: rule; what arrived; remedy</c>.</summary>
public sealed class DeviceException : InvalidOperationException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public DeviceException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
