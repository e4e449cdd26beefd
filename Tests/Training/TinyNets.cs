using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;

namespace NativeFree.Tests.Training;

/// <summary>Convolution, batch normalization, dropout, two dense layers: every kind of state that a run has, and small.</summary>
internal sealed class TinyNet : Network
{
    public const int Height = 7, Width = 5, Channels = 3, Classes = 4;

    public TinyNet(float dropout = 0.3f)
    {
        Node h = Apply("conv", new Convolution2D(Channels, 6, 3, padding: 1), Input);
        h = Apply(new Relu(), Apply("norm", new BatchNormalization(6), h));
        h = Apply(new Relu(), Apply("fc1", new Linear(null, 11), h));
        Publish("scores", Apply("fc2", new Linear(11, Classes), Apply(new Dropout(dropout), h)));
    }

    /// <summary>Pictures whose class is where they are brightest.</summary>
    public static ArrayDataset Data(int count, int seed)
    {
        var random = new Random(seed);
        float[] x = new float[count * Height * Width * Channels];
        int[] y = new int[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = random.Next(Classes);
            for (int k = 0; k < Height * Width * Channels; k++)
                x[(i * Height * Width * Channels) + k] = (float)((random.NextDouble() * 2) - 1 + (k % Classes == y[i] ? 0.7 : 0));
        }
        return new ArrayDataset(x, new Shape(Height, Width, Channels), y, new Shape(), ["north", "east", "south", "west"]);
    }

    /// <summary>The bits of everything that training moves.</summary>
    public static uint[] Bits(Network network) =>
    [
        .. network.NamedParameters().SelectMany(item => item.Parameter.Value.ToArray()).Select(BitConverter.SingleToUInt32Bits),
        .. network.NamedStatistics().SelectMany(item => item.Statistic.Value.ToArray()).Select(BitConverter.SingleToUInt32Bits),
    ];

    public static Parameter[] ParametersOf(Network network) => [.. network.NamedParameters().Select(item => item.Parameter)];
}

/// <summary>The small U of the stored early-stopping run of Keras: down once, up once, one skip.</summary>
internal sealed class SmallU : Network
{
    public SmallU()
    {
        Node c1 = Apply(new Relu(), Apply("c1", new Convolution2D(3, 8, 3, padding: PaddingRule.Same), Input));
        Node h = Apply(new Relu(), Apply("c2", new Convolution2D(8, 12, 3, 2, PaddingRule.Same), c1));
        h = Apply("b2", new BatchNormalization(12, 1e-3f, 0.8f, unbiasedVariance: false), h);
        h = Apply(new Relu(), Apply("up", new Deconvolution2D(12, 8, 2, 2, PaddingRule.Valid), h));
        Publish("scores", Apply("out", new Convolution2D(16, 3, 3, padding: PaddingRule.Same), Apply(new Concat(), h, c1)));
    }
}
