using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Operators whose weights change their layout on the way out of the channels-last house.</summary>
internal static class OnnxOperators
{
    /// <summary>Conv with a filter of ours [R, S, I, O], written as [O, I, R, S].</summary>
    public static string Convolution(this OnnxModel model, string x, ReadOnlySpan<float> w, ConvolutionGeometry g, float[]? bias)
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
        string[] operands = bias is not null ? [x, filter, model.Weight(bias, filters)] : [x, filter];
        int bottom = After(g.OutHeight, g.StrideY, ((g.KernelHeight - 1) * g.DilationY) + 1, g.InHeight, g.PadTop);
        int right = After(g.OutWidth, g.StrideX, ((g.KernelWidth - 1) * g.DilationX) + 1, g.InWidth, g.PadLeft);
        return model.Node(
            "Conv", operands, ("strides", new[] { g.StrideY, g.StrideX }), ("pads", new[] { g.PadTop, g.PadLeft, bottom, right }), ("dilations", new[] { g.DilationY, g.DilationX }), ("group", g.Groups));
    }

    /// <summary>MaxPool or AveragePool; windows that hang over the edge become padding, which neither counts.</summary>
    public static string Pooling(this OnnxModel model, string op, string x, PoolingGeometry g)
    {
        int bottom = After(g.OutHeight, g.StrideY, g.KernelHeight, g.InHeight, g.PadTop), right = After(g.OutWidth, g.StrideX, g.KernelWidth, g.InWidth, g.PadLeft);
        return model.Node(op, [x], ("kernel_shape", new[] { g.KernelHeight, g.KernelWidth }), ("strides", new[] { g.StrideY, g.StrideX }), ("pads", new[] { g.PadTop, g.PadLeft, bottom, right }));
    }

    /// <summary>Flatten and Gemm with a matrix of ours whose rows run over h, w, c, written with rows over c, h, w.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">A value [N, C, H, W], or [N, F] where H = W = 1.</param>
    /// <param name="w">[H·W·C, O].</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="pixels">H·W.</param>
    /// <param name="outputs">O.</param>
    public static string Linear(this OnnxModel model, string x, ReadOnlySpan<float> w, float[]? bias, int pixels, int outputs)
    {
        int inputs = w.Length / outputs, channels = inputs / pixels;
        float[] turned = new float[w.Length];
        for (int p = 0; p < pixels; p++)
        {
            for (int c = 0; c < channels; c++)
                w.Slice(((p * channels) + c) * outputs, outputs).CopyTo(turned.AsSpan(((c * pixels) + p) * outputs));
        }
        string matrix = model.Weight(turned, inputs, outputs), flat = model.Node("Flatten", [x], ("axis", 1));
        return model.Node("Gemm", bias is not null ? [flat, matrix, model.Weight(bias, outputs)] : [flat, matrix]);
    }

    // Below and on the right as much as the output needs; never negative, since rows that no window reaches are simply not read.
    private static int After(int outputs, int stride, int window, int inputs, int before) => Math.Max(((outputs - 1) * stride) + window - inputs - before, 0);
}
