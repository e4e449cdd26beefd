using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Tests;

public sealed class NetworkTests
{
    [Fact]
    public void A_thousand_inferences_take_no_new_memory()
    {
        var device = new CpuDevice(1);
        var network = new Small();
        network.To(device);
        using var outer = new Scope();
        Tensor x = Noise.On(device, new Shape(2, 9, 7, 3), 1);
        long allocations = 0, held = 0;
        for (int i = 0; i < 1000; i++)
        {
            using var scope = new Scope();
            network.Forward(x, ["block", "prob"]);
            if (i == 1)
                (allocations, held) = (device.Pool.Allocations, device.Pool.BytesHeld);
        }
        Assert.Equal((allocations, held), (device.Pool.Allocations, device.Pool.BytesHeld));
    }

    [Fact]
    public void A_value_is_freed_after_its_last_reader()
    {
        var device = new CpuDevice(1);
        const int count = 1 << 18;
        var network = new Sequential([.. Enumerable.Range(0, 12).Select(_ => new Relu())]);
        network.To(device);
        using var scope = new Scope();
        Tensor x = Tensor.Zeros(device, new Shape(1, count));
        device.Pool.ResetPeak();
        long before = device.Pool.BytesInUse;
        IReadOnlyDictionary<string, Variable> values = network.Forward(x, ["3", "11"]);
        // One value is read while the next is written, and "3" was asked for.
        Assert.Equal(before + (3L * count * sizeof(float)), device.Pool.PeakBytes);
        Assert.Equal(before + (2L * count * sizeof(float)), device.Pool.BytesInUse);
        Assert.Equal(["3", "11"], values.Keys);
    }

    [Fact]
    public void What_is_not_asked_for_is_not_computed()
    {
        var model = new GoogLeNet();
        using var scope = new Scope();
        model.Forward(Tensor.Zeros(model.Device, new Shape(1, 64, 64, 3)), ["conv2"]);
        Assert.True(((Convolution2D)model["conv2"]).W.IsInitialized);
        Assert.False(((Convolution2D)model["inc3a/conv1"]).W.IsInitialized);
        // The head at 4a needs neither 4b nor the other head.
        model.Forward(Tensor.Zeros(model.Device, new Shape(1, 224, 224, 3)), ["loss1_fc1"]);
        Assert.True(((Convolution2D)model["inc4a/projp"]).W.IsInitialized);
        Assert.False(((Convolution2D)model["inc4b/conv1"]).W.IsInitialized);
        Assert.False(((Linear)model["loss1_fc2"]).W.IsInitialized);
    }

    [Fact]
    public void Results_come_in_network_order_and_once()
    {
        var network = new Small();
        using var scope = new Scope();
        IReadOnlyDictionary<string, Variable> values = network.Forward(Tensor.Zeros(network.Device, new Shape(1, 4, 4, 3)), ["prob", "block", "prob"]);
        Assert.Equal(["block", "prob"], values.Keys);
    }

    /// <summary>Dropout hands its input on in inference; both names must stay readable, and freeing one must not free the other.</summary>
    [Fact]
    public void Layers_that_do_nothing_share_their_value()
    {
        var network = new Sequential(new Relu(), new Dropout(0.5f), new Dropout(0.5f), new Relu(), new Dropout(0.5f));
        using var scope = new Scope();
        Tensor x = Tensor.From(network.Device, new Shape(1, 3), [-1, 2, 3]);
        IReadOnlyDictionary<string, Variable> values = network.Forward(x, ["0", "1", "4"]);
        foreach (Variable value in values.Values)
            Assert.Equal([0, 2, 3], value.Value.ToArray());
        Assert.Equal([-1, 2, 3], x.ToArray());
        Assert.Equal([-1, 2, 3], new Sequential(new Dropout(0.5f)).Forward(x).Value.ToArray());
    }

    [Fact]
    public void A_mistake_in_shape_names_the_layer()
    {
        using var scope = new Scope();
        var error = Assert.Throws<ShapeException>(() => new ResNet(50).Forward(Tensor.Zeros(CpuDevice.Default, new Shape(1, 32, 32, 4)), ["pool1"]));
        Assert.StartsWith("conv1: Convolution: the filter expects 3 input channels but x has 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_reaches_every_parameter_and_extraction_stays_inference()
    {
        var network = new Small { Seed = 7 };
        using var outer = new Scope();
        Tensor x = Noise.On(network.Device, new Shape(2, 5, 7, 3), 3);
        float[] before = network.Forward(x).Value.ToArray();
        using (var tape = new Tape())
        {
            Variable loss = F.SoftmaxCrossEntropy(network.Forward((Variable)x, ["logits"])["logits"], new Labels(1, 3));
            tape.Backward(loss);
            Assert.Contains(tape.Records, record => record.Layer == "block/conv3" && record.Op.Name == "Convolution2D");
            Assert.Contains(tape.Records, record => record.Layer == "fc");
        }
        foreach ((string path, Parameter parameter) in network.NamedParameters())
            Assert.True(parameter.Gradient is not null, $"{path} has no gradient");
        var norm = (BatchNormalization)network["block/bn1"];
        Assert.NotEqual(0, norm.Mean.Value.ToArray()[0]);
        Assert.NotEqual(before, network.Forward(x).Value.ToArray());
    }

    [Fact]
    public void Extract_inside_a_training_tape_is_inference_and_leaves_statistics_alone()
    {
        var model = new ResNet(50);
        using var outer = new Scope();
        Tensor x = Noise.On(model.Device, new Shape(2, 32, 32, 3), 5);
        float[] expected = model.Extract(x)["pool5"].ToArray();
        using var tape = new Tape();
        float[] inside = model.Extract(x)["pool5"].ToArray();
        Assert.Equal(expected, inside);
        Assert.Empty(tape.Records);
        Assert.All(((BatchNormalization)model["bn1"]).Mean.Value.ToArray(), mean => Assert.Equal(0, mean));
    }

    [Fact]
    public void A_frozen_batch_norm_does_not_move_in_training()
    {
        var network = new Small();
        network.FreezeStatistics("block/bn1");
        using (new Tape())
            network.Forward(Noise.On(network.Device, new Shape(2, 5, 7, 3), 3));
        Assert.All(((BatchNormalization)network["block/bn1"]).Mean.Value.ToArray(), mean => Assert.Equal(0, mean));
        Assert.NotEqual(0, ((BatchNormalization)network["block/bn2"]).Mean.Value.ToArray()[0]);
    }

    /// <summary>A bottleneck with projection, pooling, dropout and a classifier, in odd sizes.</summary>
    private sealed class Small : Network
    {
        public Small()
        {
            Node h = Publish("block", Apply("block", new Bottleneck(3, 5, 7, 2, project: true, new BottleneckStyle()), Input));
            h = Apply(new Dropout(0.2f), Apply(new MaxPooling2D(3, 2, padding: 1, coverAll: true), h));
            h = Publish("logits", Apply("fc", new Linear(null, 4), Apply(new GlobalAveragePooling2D(), h)));
            Publish("prob", Apply(new Softmax(), h));
        }
    }
}
