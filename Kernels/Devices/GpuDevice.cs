using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Kernels;

/// <summary>
/// A device that runs the project's kernels through an accelerator: a GPU or CPU behind an OpenCL driver, or the emulator. Calls queue work on one in-order stream and return; reading a result waits for it. Sums are made in an order that the sizes
/// decide: results are bit-identical from run to run on one device.
/// </summary>
public sealed class GpuDevice : Device, IDisposable
{
    private readonly Accelerator accelerator;
    private readonly GpuBlocks blocks;

    /// <summary>Takes an accelerator over; disposing the device disposes it.</summary>
    /// <param name="accelerator">What runs the kernels.</param>
    /// <param name="isProcessor">Whether work-items run on a processor's cores (an OpenCL driver for a CPU): other variants of the kernels are fast there.</param>
    /// <exception cref="DeviceException">The table of kernel choices that the environment names cannot be read.</exception>
    public GpuDevice(Accelerator accelerator, bool isProcessor = false)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        this.accelerator = accelerator;
        IsProcessor = isProcessor;
        Choices = KernelChoices.Open(isProcessor);
        Pool = new GpuPool(accelerator);
        GpuConvolution convolution = new(this);
        Convolution = convolution;
        blocks = new GpuBlocks(this, convolution);
        MatrixMultiply = new GpuMatrixMultiply(this);
        Elementwise = new GpuElementwise(this);
        Normalization = new GpuNormalization(this);
        Pooling = new GpuPooling(this);
        Reductions = new GpuReductions(this);
        Resampling = new GpuResampling(this);
        Optimizers = new GpuOptimizers(this);
    }

    /// <inheritdoc/>
    public override string Name => accelerator.Name;

    /// <inheritdoc/>
    public override DeviceKind Kind => accelerator.AcceleratorType switch
    {
        AcceleratorType.OpenCL => DeviceKind.OpenCl,
        AcceleratorType.Cuda => DeviceKind.Cuda,
        _ => DeviceKind.Emulator,
    };

    /// <summary>Whether work-items run on a processor's cores.</summary>
    public bool IsProcessor { get; }

    /// <summary>Which variant of a kernel runs for which shape.</summary>
    public KernelChoices Choices { get; }

    /// <inheritdoc/>
    public override BufferPool Pool { get; }

    /// <inheritdoc/>
    public override IConvolution Convolution { get; }

    /// <inheritdoc/>
    public override IMatrixMultiply MatrixMultiply { get; }

    /// <inheritdoc/>
    public override IElementwise Elementwise { get; }

    /// <inheritdoc/>
    public override INormalization Normalization { get; }

    /// <inheritdoc/>
    public override IPooling Pooling { get; }

    /// <inheritdoc/>
    public override IReductions Reductions { get; }

    /// <inheritdoc/>
    public override IResampling Resampling { get; }

    /// <inheritdoc/>
    public override IOptimizers Optimizers { get; }

    internal override IFusedNormalization FusedNormalization => blocks;

    internal override IFusedBranches FusedBranches => blocks;

    internal override bool JoinsParameters => true;

    internal AcceleratorStream Stream => accelerator.DefaultStream;

    /// <summary>Waits until all queued work is done.</summary>
    public void Synchronize() => accelerator.Synchronize();

    /// <summary>Gives the device's memory and the accelerator back. Its tensors are not to be used any more.</summary>
    public void Dispose()
    {
        Synchronize();
        Pool.Trim();
        accelerator.Dispose();
    }

    internal static ArrayView<float> ViewOf(DeviceBuffer buffer, long offset, long count)
    {
        ArrayView<float> whole = ((MemoryBuffer1D<float, Stride1D.Dense>)buffer.Block).View;
        return whole.SubView(offset, count);
    }

    /// <summary>A tensor's values, or a view of nothing.</summary>
    internal ArrayView<float> View(Tensor? tensor) => tensor is null ? default : ViewOf(tensor.Buffer, tensor.Offset, tensor.Count);

    internal override void Upload(ReadOnlySpan<float> values, Tensor destination) => View(destination).CopyFromCPU(Stream, values);

    internal override void Download(Tensor source, Span<float> destination) => View(source).CopyToCPU(Stream, destination[..checked((int)source.Count)]);

    internal override void Fill(Tensor tensor, float value) => ElementwiseLaunch.Fill(Stream, DeviceIndex.GridFor(tensor.Count), View(tensor), value, tensor.Count);
}
