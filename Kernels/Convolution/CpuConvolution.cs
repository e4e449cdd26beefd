namespace NativeFree.Kernels;

internal sealed class CpuConvolution(CpuDevice device) : IConvolution
{
    public void Forward(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y, in Epilogue epilogue) => throw new DeviceException(device.Name);
    public void BackwardInput(ConvolutionGeometry geometry, Tensor gy, Tensor w, Tensor gx, in Epilogue epilogue) => throw new DeviceException(device.Name);
    public void BackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw) => throw new DeviceException(device.Name);
}
