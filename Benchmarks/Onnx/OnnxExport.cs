using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Benchmarks;

/// <summary>
/// A network of ours as an ONNX model for one input shape, with the same weights. Nothing is folded: batch norms, paddings and ReLUs stay nodes, so that the runtime that loads the model can show what it makes of them.
/// </summary>
internal sealed class OnnxExport
{
    private readonly OnnxModel model = new();
    private readonly Dictionary<Node, string> values = [];
    private readonly Dictionary<Node, Shape> shapes = [];

    private OnnxExport(Network network, Node wanted, Shape input)
    {
        Shape?[] all = network.Shapes(input, [wanted]);
        foreach (Node node in network.Nodes)
        {
            if (all[node.Index] is not { } shape)
                continue;
            shapes.Add(node, shape);
            values.Add(node, node.Layer is null ? model.Input("x", Axes(shape)) : Write(node));
        }
        model.Output(values[wanted], Axes(shapes[wanted]));
    }

    /// <summary>Writes the part of a network that one of its values needs; its parameters must have values.</summary>
    /// <param name="network">The network.</param>
    /// <param name="wanted">The value to compute.</param>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="path">The file; its input is called <c>x</c>, channels first.</param>
    /// <exception cref="NotSupportedException">A layer has no counterpart here; the message names it.</exception>
    public static void Save(Network network, Node wanted, Shape input, string path) => new OnnxExport(network, wanted, input).model.Save(path);

    /// <summary>[N, H, W, C] as channels first; other ranks as they are.</summary>
    public static int[] Axes(Shape shape) => shape.Rank == 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape.ToArray();

    private string Write(Node node)
    {
        string[] operands = [.. node.Inputs.Select(input => values[input])];
        string x = operands[0];
        Shape shape = shapes[node.Inputs[0]];
        switch (node.Layer)
        {
            case Convolution2D layer:
                Padding padding = layer.Padding.For(shape, (layer.Kernel, layer.Kernel), (layer.Stride, layer.Stride), (layer.Dilation, layer.Dilation));
                var geometry = ConvolutionGeometry.Create(shape, layer.W.Value.Shape, (layer.Stride, layer.Stride), padding, (layer.Dilation, layer.Dilation), layer.Groups);
                return model.Convolution(x, layer.W.Value.Span, geometry, layer.B?.Value.ToArray());
            case BatchNormalization layer:
                return model.Node("BatchNormalization", [x, Vector(layer.Gamma.Value), Vector(layer.Beta.Value), Vector(layer.Mean.Value), Vector(layer.Variance.Value)], ("epsilon", layer.Epsilon));
            case Relu:
                return model.Node("Relu", [x]);
            case Add:
                return model.Node("Add", operands);
            case Concat:
                return model.Node("Concat", operands, ("axis", 1));
            case MaxPooling2D layer:
                return model.Pooling("MaxPool", x, PoolingGeometry.Create(
                    shape, (layer.Size, layer.Size), (layer.Stride, layer.Stride), layer.Padding.For(shape, (layer.Size, layer.Size), (layer.Stride, layer.Stride), (1, 1)), layer.CoverAll));
            case AveragePooling2D layer:
                return model.Pooling("AveragePool", x, PoolingGeometry.Create(shape, (layer.Size, layer.Size), (layer.Stride, layer.Stride), Padding.None, coverAll: false));
            case GlobalAveragePooling2D:
                return model.Node("Flatten", [model.Node("GlobalAveragePool", [x])], ("axis", 1));
            case LocalResponseNormalization layer:
                return model.Node("LRN", [x], ("size", layer.Size), ("alpha", layer.Alpha * layer.Size), ("beta", layer.Beta), ("bias", layer.K));
            case ZeroPadding2D layer:
                return model.Node("Pad", [x, model.Integers(0, 0, layer.Pad, layer.Pad, 0, 0, layer.Pad, layer.Pad)]);
            case Linear layer:
                return model.Linear(x, layer.W.Value.Span, layer.B?.Value.ToArray(), shape.Rank == 4 ? shape[1] * shape[2] : 1, layer.Outputs);
            case Dropout:
                return x;
            case Softmax when shape.Rank == 2:
                return model.Node("Softmax", [x], ("axis", 1));
            case var other:
                throw new NotSupportedException($"ONNX export: every layer has a counterpart; {node.Label} is a {other!.GetType().Name} on {shape}.");
        }
    }

    private string Vector(Tensor values) => model.Weight(values.ToArray(), checked((int)values.Count));
}
