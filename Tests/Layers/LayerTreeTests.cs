using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Tests;

public sealed class LayerTreeTests
{
    [Fact]
    public void A_layer_knows_its_path_and_is_found_by_it()
    {
        var model = new ResNet(50);
        Assert.Equal("res4/b5/bn3", model["res4/b5/bn3"].Path);
        Assert.IsType<Bottleneck>(model["res2/a"]);
        Assert.IsType<Convolution2D>(model["res2/a/conv4"]);
        var error = Assert.Throws<KeyNotFoundException>(() => model["res2/c"]);
        Assert.Equal("res2: no layer is called 'c' (asked for 'res2/c'); there are a, b1, b2.", error.Message);
    }

    [Fact]
    public void Freezing_follows_patterns()
    {
        var model = new ResNet(50);
        long all = model.CountParameters().Trainable;
        model.Freeze();
        Assert.Equal(0, model.CountParameters().Trainable);
        model.Unfreeze("fc6");
        Assert.Equal(2048 * 1000 + 1000, model.CountParameters().Trainable);
        model.Unfreeze("res5/*/W");
        string[] free = [.. model.NamedParameters().Where(item => !item.Parameter.Frozen).Select(item => item.Path)];
        Assert.Equal(10 + 2, free.Length);
        Assert.Contains("res5/a/conv4/W", free);
        model.Unfreeze();
        Assert.Equal(all, model.CountParameters().Trainable);
        Assert.Throws<ArgumentException>(() => model.Freeze("res6"));
        Assert.Throws<ArgumentException>(() => model.Freeze("conv"));
    }

    [Fact]
    public void Learning_rates_are_scaled_by_path()
    {
        var model = new Vgg(16);
        model.SetLearningRateScale("*", 0.1f);
        model.SetLearningRateScale("fc8", 1);
        Assert.Equal((0.1f, 1f), (((Convolution2D)model["conv1_1"]).W.LearningRateScale, ((Linear)model["fc8"]).W.LearningRateScale));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SetLearningRateScale("*", float.NaN));
    }

    [Fact]
    public void Statistics_freeze_apart_from_parameters()
    {
        var model = new ResNet(50);
        model.FreezeStatistics("res3");
        Assert.True(((BatchNormalization)model["res3/b1/bn2"]).FrozenStatistics);
        Assert.False(((BatchNormalization)model["bn1"]).FrozenStatistics);
        Assert.Equal(0, model.CountParameters().Frozen);
        model.FreezeStatistics(frozen: false);
        Assert.False(((BatchNormalization)model["res3/b1/bn2"]).FrozenStatistics);
        Assert.Throws<ArgumentException>(() => new Vgg(16).FreezeStatistics());
    }

    [Fact]
    public void A_replaced_layer_is_the_one_that_runs()
    {
        var model = new ResNet(50, new() { Origin = Origin.Keras });
        var head = new Linear(null, 7);
        model.Replace("predictions", head);
        model.Replace("conv5_block3_2_conv", new Convolution2D(null, 512, 1));
        Assert.Equal("predictions", head.Path);
        Assert.Equal(new Shape(2, 7), model.OutputShape(new Shape(2, 64, 64, 3)));
        Assert.Equal(new Shape(1, 7), model.Forward(Tensor.Zeros(CpuDevice.Default, new Shape(1, 32, 32, 3))).Shape);
        Assert.Equal(new Shape(2048, 7), head.W.Shape);
        Assert.Equal(new Shape(1, 1, 512, 512), ((Convolution2D)model["conv5_block3_2_conv"]).W.Shape);
        Assert.Throws<ArgumentException>(() => model.Replace("conv1_conv", head));
        Assert.Throws<KeyNotFoundException>(() => model.Replace("fc6", new Linear(null, 7)));
    }

    [Fact]
    public void Replacing_inside_a_block_reaches_the_whole_network()
    {
        var model = new ResNet(50);
        model.Replace("res2/b1/conv2", new Convolution2D(64, 64, 3, padding: 1, bias: true));
        Assert.Contains("res2/b1/conv2/b", model.NamedParameters().Select(item => item.Path));
        Assert.Same(model["res2/b1/conv2"], model.Nodes.Single(node => node.Label == "res2/b1/conv2").Layer);
        Assert.Same(model["res2/b1/conv2"], ((Bottleneck)model["res2/b1"]).Nodes.Single(node => node.Label == "res2/b1/conv2").Layer);
    }

    [Fact]
    public void Names_are_unique_and_layers_have_one_place()
    {
        var shared = new Relu();
        Assert.Throws<ArgumentException>(() => new Sequential(shared, shared));
        Assert.Equal(["0/W", "0/b", "2/W", "2/b"], new Sequential(new Linear(3, 5), new Relu(), new Linear(null, 2)).NamedParameters().Select(item => item.Path));
    }

    [Fact]
    public void A_linear_layer_takes_its_size_from_its_first_input()
    {
        var layer = new Linear(null, 4);
        Assert.Equal(0, layer.CountParameters().Trainable - 4);
        Assert.False(layer.W.IsInitialized);
        Assert.Equal(new Shape(2, 4), layer.Forward(Tensor.Zeros(CpuDevice.Default, new Shape(2, 3, 5, 7))).Shape);
        Assert.Equal(new Shape(105, 4), layer.W.Shape);
        var error = Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(CpuDevice.Default, new Shape(2, 106))));
        Assert.Equal("Linear: takes 105 inputs a row; x = [2, 106] has 106.", error.Message);
    }

    [Fact]
    public void Moving_to_a_device_takes_what_is_there_and_makes_the_rest_there()
    {
        var first = new CpuDevice(1);
        var second = new CpuDevice(1);
        var model = new Sequential(new Linear(3, 5), new BatchNormalization(5));
        model.To(first);
        Variable y = model.Forward(Tensor.Filled(first, new Shape(2, 3), 1));
        model.To(second);
        Assert.All(model.NamedParameters(), item => Assert.Same(second, item.Parameter.Device));
        Assert.Equal(y.Value.ToArray(), model.Forward(Tensor.Filled(second, new Shape(2, 3), 1)).Value.ToArray());
    }
}
