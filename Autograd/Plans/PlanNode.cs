using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>An operator of a traced model on its way into a plan, with what was fused into it.</summary>
internal sealed class PlanNode(Op op, string layer, int[] inputs, int output)
{
    public Op Op { get; } = op;

    /// <summary>Paths of the layers fused into the node, the first one's alone where only one.</summary>
    public string Layer { get; set; } = layer;

    /// <summary>Numbers of the values read; constants among them.</summary>
    public int[] Inputs { get; } = inputs;

    /// <summary>Number of the value made.</summary>
    public int Output { get; set; } = output;

    /// <summary>A convolution's sizes, with the padding layers before it folded in.</summary>
    public ConvolutionGeometry? Geometry { get; set; }

    /// <summary>A pooling's sizes, with the padding layers before it folded in; of a convolution those of the max pooling that it does itself.</summary>
    public PoolingGeometry? Window { get; set; }

    /// <summary>The batch normalization folded into the weights.</summary>
    public PlanNode? Normalization { get; set; }

    /// <summary>The value added before the lower bound, or −1.</summary>
    public int Addend { get; set; } = -1;

    /// <summary>Whether negative results become 0.</summary>
    public bool Relu { get; set; }

    public bool IsConvolution => Op is Convolution2DOp or Deconvolution2DOp;

    /// <summary>Whether the node still gives the bare product, to which something may be fused.</summary>
    public bool IsOpen => !Relu && Addend < 0 && Window is null;
}
