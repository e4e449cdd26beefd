using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Operators whose weights change their layout on the way out of the channels-last house.</summary>
internal static class OnnxOperators
{
    /// <summary>Conv with a filter of ours [R, S, I, O], written as [O, I, R, S].</summary>
    public static string Convolution(this OnnxModel model, string x, ReadOnlySpan<float> w, ConvolutionGeometry g, ReadOnlyMemory<float>? bias)
    {
        int taps = g.KernelHeight * g.KernelWidth, inputs = g.InChannels / g.Groups, filters = g.OutChannels;
        float[] turned = new float[w.Length];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int i = 0; i < inputs; i++)
            {
                for (int o = 0; o < filters; o++)
                    turned[(((o * inputs) + i) * taps) + tap] = w[(((tap * inputs) + i) * filters) + o];
            }
        }
        string filter = model.Weight(turned, filters, inputs, g.KernelHeight, g.KernelWidth);
        string[] operands = bias is { } b ? [x, filter, model.Weight(b, filters)] : [x, filter];
        return model.Node("Conv", operands, ("strides", new[] { g.StrideY, g.StrideX }), ("pads", Pads(g)), ("dilations", new[] { g.DilationY, g.DilationX }), ("group", g.Groups));
    }

    // Below and on the right as much as the output needs; never negative, since rows that no window reaches are simply not read.
    private static int[] Pads(ConvolutionGeometry g)
    {
        int bottom = ((g.OutHeight - 1) * g.StrideY) + ((g.KernelHeight - 1) * g.DilationY) + 1 - g.InHeight - g.PadTop;
        int right = ((g.OutWidth - 1) * g.StrideX) + ((g.KernelWidth - 1) * g.DilationX) + 1 - g.InWidth - g.PadLeft;
        return [g.PadTop, g.PadLeft, Math.Max(bottom, 0), Math.Max(right, 0)];
    }
}
