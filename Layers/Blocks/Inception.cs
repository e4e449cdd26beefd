namespace NativeFree.Layers;

/// <summary>
/// The block of GoogLeNet: four branches over one input, 1×1; 1×1 then 3×3; 1×1 then 5×5; 3×3 max pooling then 1×1; their channels side by side in this order, then one ReLU. Szegedy et al., arXiv:1409.4842,
/// figure 2b. The layers are called as in Chainer's weight files.
/// </summary>
public sealed class Inception : Network
{
    /// <summary>Describes the block with the numbers of one row of the paper's table 1.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="conv1">#1×1.</param>
    /// <param name="proj3">#3×3 reduce.</param>
    /// <param name="conv3">#3×3.</param>
    /// <param name="proj5">#5×5 reduce.</param>
    /// <param name="conv5">#5×5.</param>
    /// <param name="projp">pool proj.</param>
    public Inception(int inChannels, int conv1, int proj3, int conv3, int proj5, int conv5, int projp)
    {
        Node one = Apply("conv1", new Convolution2D(inChannels, conv1, 1), Input);
        Node three = Apply(new Relu(), Apply("proj3", new Convolution2D(inChannels, proj3, 1), Input));
        three = Apply("conv3", new Convolution2D(proj3, conv3, 3, padding: 1), three);
        Node five = Apply(new Relu(), Apply("proj5", new Convolution2D(inChannels, proj5, 1), Input));
        five = Apply("conv5", new Convolution2D(proj5, conv5, 5, padding: 2), five);
        Node pool = Apply(new MaxPooling2D(3, 1, padding: 1), Input);
        pool = Apply("projp", new Convolution2D(inChannels, projp, 1), pool);
        Apply(new Relu(), Apply(new Concat(), one, three, five, pool));
    }
}
