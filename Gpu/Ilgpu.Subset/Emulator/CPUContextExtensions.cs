namespace ILGPU.Runtime.CPU;

/// <summary>The emulator in a context.</summary>
public static class CPUContextExtensions
{
    /// <summary>Adds the emulator.</summary>
    /// <returns>The builder.</returns>
    public static Context.Builder CPU(this Context.Builder builder)
    {
        builder.Chosen.Add(new CPUDevice());
        return builder;
    }
}
