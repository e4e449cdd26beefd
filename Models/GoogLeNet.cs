using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// GoogLeNet with both auxiliary heads: table 1 of Szegedy et al., arXiv:1409.4842. Faithful to Chainer's GoogLeNet: poolings round up, local response normalisation after pool1 and conv2, no dropout in the auxiliary
/// heads, whose average pooling has stride 3. Input blue, green, red minus 104, 117, 123.
/// </summary>
public sealed class GoogLeNet : Model
{
    /// <summary>Rows of table 1 in its column order; a pooling follows where the paper has one.</summary>
    private static readonly InceptionRow[] Table =
    [
        // name    #1×1  #3×3r  #3×3  #5×5r  #5×5  pool
        new("3a",    64,    96,  128,    16,   32,   32),
        new("3b",   128,   128,  192,    32,   96,   64, PoolAfter: "pool3"),
        new("4a",   192,    96,  208,    16,   48,   64),
        new("4b",   160,   112,  224,    24,   64,   64),
        new("4c",   128,   128,  256,    24,   64,   64),
        new("4d",   112,   144,  288,    32,   64,   64),
        new("4e",   256,   160,  320,    32,  128,  128, PoolAfter: "pool4"),
        new("5a",   256,   160,  320,    32,  128,  128),
        new("5b",   384,   192,  384,    48,  128,  128),
    ];

    /// <summary>Builds the network; parameters take memory later.</summary>
    /// <param name="options">Classes; the defaults when null.</param>
    /// <exception cref="ModelOptionsException">The options do not fit: GoogLeNet exists in Chainer only.</exception>
    public GoogLeNet(ModelOptions? options = null)
        : base("googlenet", ZooRules.OriginOf(options, "googlenet", Origin.Chainer), options, Preprocessing.ChainerGoogLeNet)
    {
        Node h = Publish("conv1", Convolve("conv1", new(3, 64, 7, 2, padding: 3, initializer: Initializer.LeCunUniform), Input));
        h = Publish("pool1", Apply(Normalize(), Apply(Pool(), h)));
        h = Publish("conv2_reduce", Convolve("conv2_reduce", new(64, 64, 1, initializer: Initializer.LeCunUniform), h));
        h = Publish("conv2", Apply(Normalize(), Convolve("conv2", new(64, 192, 3, padding: 1, initializer: Initializer.LeCunUniform), h)));
        h = Publish("pool2", Apply(Pool(), h));
        int channels = 192;
        var at = new Dictionary<string, (Node Node, int Channels)>();
        foreach (InceptionRow row in Table)
        {
            h = Apply($"inc{row.Name}", new Inception(channels, row.Conv1, row.Proj3, row.Conv3, row.Proj5, row.Conv5, row.Projp), h);
            Publish($"inception_{row.Name}", h);
            channels = row.Conv1 + row.Conv3 + row.Conv5 + row.Projp;
            at.Add(row.Name, (h, channels));
            if (row.PoolAfter is { } pool)
                h = Publish(pool, Apply(Pool(), h));
        }
        h = Publish("pool5", Apply(new AveragePooling2D(7, 1), h));
        h = Apply("loss3_fc", new Linear(channels, Classes, initializer: Initializer.LeCunUniform), Apply(new Dropout(0.4f), h));
        Output = Publish("prob", Apply(new Softmax(), Publish("loss3_fc", h, "logits")));
        (Node hidden1, Node output1) = Head("loss1", at["4a"]);
        (Node hidden2, Node output2) = Head("loss2", at["4d"]);
        Publish("loss1_fc2", output1);
        Publish("loss2_fc2", output2);
        Publish("loss1_fc1", hidden1);
        Publish("loss2_fc1", hidden2);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => ["pool5"];

    /// <inheritdoc/>
    public override string? ProbabilityLayer => "prob";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => ["loss3_fc", "loss1_fc2", "loss2_fc2"];

    private static MaxPooling2D Pool() => new(3, 2, coverAll: true);

    /// <summary>alpha 1e-4 / 5 on the plain sum is Caffe's alpha 1e-4 on the mean.</summary>
    private static LocalResponseNormalization Normalize() => new(5, 1, 1e-4f / 5, 0.75f);

    private Node Convolve(string name, Convolution2D layer, Node x) => Apply(new Relu(), Apply(name, layer, x));

    /// <summary>An auxiliary head: its 1024 hidden values after their ReLU, and its logits.</summary>
    private (Node Hidden, Node Output) Head(string name, (Node Node, int Channels) from)
    {
        Node h = Apply(new AveragePooling2D(5, 3), from.Node);
        h = Convolve($"{name}_conv", new(from.Channels, 128, 1, initializer: Initializer.LeCunUniform), h);
        Node hidden = Apply(new Relu(), Apply($"{name}_fc1", new Linear(4 * 4 * 128, 1024, initializer: Initializer.LeCunUniform), h));
        return (hidden, Apply($"{name}_fc2", new Linear(1024, Classes, initializer: Initializer.LeCunUniform), hidden));
    }

    private sealed record InceptionRow(string Name, int Conv1, int Proj3, int Conv3, int Proj5, int Conv5, int Projp, string? PoolAfter = null);
}
