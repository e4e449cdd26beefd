namespace NativeFree.Gpu;

/// <summary>A driver refused: the message names the call, the driver's error and, where a kernel did not compile, the driver's own words.</summary>
/// <param name="message">What was refused.</param>
/// <param name="code">The driver's error code.</param>
public sealed class DeviceDriverException(string message, int code) : Exception(message)
{
    /// <summary>The driver's error code.</summary>
    public int Code { get; } = code;
}
