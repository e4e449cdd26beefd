using ILGPU;

namespace NativeFree.Kernels;

/// <summary>
/// A 3×3 convolution with stride 1 by Winograd's F(4×4, 3×3), its filter transformed once: input transform, 36 products, output transform, over blocks of tiles whose transforms fit into a processor's last cache.
/// </summary>
internal sealed class GpuWinograd : PreparedConvolution
{
    // 16 MiB of transformed input and products.
    private const long BlockFloats = 4 << 20;

    // The grid's Y is this short on some devices.
    private const int MostTiles = 65535;

    private readonly GpuDevice device;
    private readonly ConvolutionGeometry geometry;
    private readonly Tensor filter;
    private readonly Tensor? bias;
    private readonly bool relu;
    private readonly int resultChannels;
    private readonly KernelVariant variant;

    public GpuWinograd(GpuDevice device, ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, int resultChannels)
    {
        (this.device, this.geometry, this.relu, this.resultChannels) = (device, geometry, relu, resultChannels);
        this.bias = bias is null ? null : GpuCopies.Of(device, bias);
        int columns = geometry.OutChannels;
        variant = !device.IsProcessor ? KernelVariant.Tiled : columns % 64 is 0 or > 48 ? KernelVariant.Rows64 : columns % 32 is 0 or > 16 ? KernelVariant.Rows32 : KernelVariant.Rows16;
        int width = variant switch { KernelVariant.Rows64 => 64, KernelVariant.Rows32 => 32, KernelVariant.Rows16 => 16, _ => columns };
        int panels = (columns + width - 1) / width;
        long pairs = (long)panels * geometry.InChannels * width;
        filter = Scope.Detach(new Tensor(device, new Shape(checked((int)(pairs * WinogradKernels.Places)))));
        WinogradLaunch.TransformFilter(device.Stream, DeviceIndex.GridFor(pairs), device.View(w), device.View(filter), new WinogradFilterSize(geometry.InChannels, columns, panels, width, pairs));
        filter.Touch(w);
    }

    public override string Algorithm => "winograd 4×4";

    public override long Bytes => filter.Count * sizeof(float);

    public override long WorkspaceBytes => (long)WinogradKernels.Places * Block * (geometry.InChannels + geometry.OutChannels) * sizeof(float);

    private int TileCount => checked(geometry.Batch * Tiles(geometry.OutHeight) * Tiles(geometry.OutWidth));

    private int Block => (int)Math.Clamp(BlockFloats / (WinogradKernels.Places * ((long)geometry.InChannels + geometry.OutChannels)), 1, Math.Min(TileCount, MostTiles));

    public override void Run(Tensor x, Tensor y, int firstChannel, Tensor? addend)
    {
        device.Expect("PreparedConvolution", x, y, addend);
        (int c, int o) = (geometry.InChannels, geometry.OutChannels);
        int tilesY = Tiles(geometry.OutHeight), tilesX = Tiles(geometry.OutWidth);
        int tiles = TileCount, block = Block;
        ArrayView<float> target = device.View(y).SubView(firstChannel, y.Count - firstChannel);
        using GpuScratch transformed = new(device, (long)WinogradKernels.Places * block * c);
        using GpuScratch products = new(device, (long)WinogradKernels.Places * block * o);
        for (int first = 0; first < tiles; first += block)
        {
            int count = Math.Min(block, tiles - first);
            WinogradSizes size = new(
                geometry.InHeight, geometry.InWidth, c, geometry.OutHeight, geometry.OutWidth, o, geometry.PadTop, geometry.PadLeft, tilesY, tilesX, first, count, resultChannels, bias is null ? 0 : 1,
                addend is null ? 0 : 1, relu ? 1 : 0);
            WinogradLaunch.TransformInput(device.Stream, (Groups(c), count, 1), device.View(x), transformed.View, size);
            ProductShape shape = new(ProductKind.Product, count, o, c, WinogradKernels.Places, 0, 0);
            ProductOperands on = new(transformed.View, device.View(filter), products.View, o, (long)count * o);
            RowWalk<StoredRows> walk = new(new StoredRows(c, (long)count * c, c), 1, c, 1, 0, 0);
            new GpuProduct(device, shape).Run(variant, on, Epilogue.None, new BatchedProduct(count, o, c), walk, variant == KernelVariant.Tiled ? default : device.View(filter));
            WinogradLaunch.TransformOutput(device.Stream, (Groups(o), count, 1), products.View, device.View(bias), device.View(addend), target, size);
        }
        y.Touch(x, addend);
    }

    private static int Tiles(int extent) => (extent + WinogradKernels.Outputs - 1) / WinogradKernels.Outputs;

    private static int Groups(int channels) => (channels + WinogradKernels.Lanes - 1) / WinogradKernels.Lanes;
}
