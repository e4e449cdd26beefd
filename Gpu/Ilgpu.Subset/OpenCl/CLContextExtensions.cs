namespace ILGPU.Runtime.OpenCL;

/// <summary>OpenCL devices in a context.</summary>
public static class CLContextExtensions
{
    /// <summary>Adds every OpenCL device that can run the kernels. None where there is no OpenCL driver.</summary>
    /// <returns>The builder.</returns>
    public static Context.Builder OpenCL(this Context.Builder builder) => builder.OpenCL(static _ => true);

    /// <summary>Adds the OpenCL devices that can run the kernels and that <paramref name="predicate"/> wants.</summary>
    /// <returns>The builder.</returns>
    public static Context.Builder OpenCL(this Context.Builder builder, Predicate<CLDevice> predicate)
    {
        builder.Chosen.AddRange(CLDevice.All.Where(device => device.Refusal is null && predicate(device)));
        return builder;
    }
}
