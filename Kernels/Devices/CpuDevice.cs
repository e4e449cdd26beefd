namespace NativeFree.Kernels;

/// <summary>
/// The managed SIMD engine: every primitive in C# over the machine's widest vectors (512, 256 or 128 bits) and all its cores. Always there. Work is split so that each
/// output value is computed by one thread in a fixed order: results do not depend on the thread count, only on the vector width.
/// </summary>
public sealed partial class CpuDevice : Device
{
    private static readonly Lazy<CpuDevice> Shared = new(() => new CpuDevice(int.TryParse(Environment.GetEnvironmentVariable("NATIVEFREE_THREADS"), out int threads) ? threads : 0));

    // Read when the first convolution is prepared: a program without plans needs no table.
    private readonly Lazy<KernelChoices> choices;

    /// <summary>Creates a device with its own threads and memory pool.</summary>
    /// <param name="threads">Threads that compute, the caller's included; 0 takes one per core.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative or above 1024.</exception>
    public CpuDevice(int threads = 0) : this(threads, new HostPool())
    {
    }

    internal CpuDevice(int threads, BufferPool pool)
    {
        if (threads is < 0 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "CpuDevice: threads are 1 to 1024, or 0 for one per core.");
        Pool = pool;
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        Crew = new WorkCrew(Threads);
        choices = new Lazy<KernelChoices>(() => KernelChoices.OpenCpu(Environment.GetEnvironmentVariable(KernelChoices.CpuVariable), Machine));
        Convolution = new CpuConvolution(this);
        MatrixMultiply = new CpuMatrixMultiply(this);
        CreateFamilies();
    }

    /// <summary>The device with one thread per core, or as many as <c>NATIVEFREE_THREADS</c> says.</summary>
    public static new CpuDevice Default => Shared.Value;

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Processor and vector width, which decide the numbers and the best kernels: <c>512-bit vectors, AMD EPYC (family 25, model 17)</c>.</summary>
    public static string Machine => $"{SimdWidth.Bits}-bit vectors, {ProcessorName.Text}";

    /// <summary>Which variant a prepared convolution runs for which shape.</summary>
    /// <exception cref="DeviceException">The table that <see cref="KernelChoices.CpuVariable"/> names cannot be read or holds for another machine.</exception>
    public KernelChoices Choices => choices.Value;

    /// <inheritdoc/>
    public override string Name => $"CPU, {SimdWidth.Bits}-bit vectors, {Threads} {(Threads == 1 ? "thread" : "threads")}";

    /// <inheritdoc/>
    public override DeviceKind Kind => DeviceKind.Cpu;

    /// <inheritdoc/>
    public override BufferPool Pool { get; }

    /// <inheritdoc/>
    public override IConvolution Convolution { get; }

    /// <inheritdoc/>
    public override IMatrixMultiply MatrixMultiply { get; }

    internal WorkCrew Crew { get; }

    internal override void Upload(ReadOnlySpan<float> values, Tensor destination) => values.CopyTo(destination.Span);

    internal override void Download(Tensor source, Span<float> destination) => source.Span.CopyTo(destination);

    internal override void Fill(Tensor tensor, float value) => tensor.Span.Fill(value);

    partial void CreateFamilies();
}
