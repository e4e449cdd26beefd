namespace NativeFree.Kernels;

internal sealed class CpuMatrixMultiply(CpuDevice device) : IMatrixMultiply
{
    public void Multiply(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor y, in Epilogue epilogue) => throw new DeviceException(device.Name);
}
