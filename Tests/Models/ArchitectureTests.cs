using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Names, shapes and counts against the tables of the original frameworks; nothing is computed here.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("vgg16", "chainer", 138_357_544)]
    [InlineData("vgg19", "chainer", 143_667_240)]
    [InlineData("resnet50", "chainer", 25_557_096)]
    [InlineData("resnet101", "chainer", 44_549_224)]
    [InlineData("resnet152", "chainer", 60_192_872)]
    [InlineData("googlenet", "chainer", 13_378_280)]
    [InlineData("vgg16", "keras", 138_357_544)]
    [InlineData("vgg19", "keras", 143_667_240)]
    [InlineData("resnet50", "keras", 25_636_712)]
    [InlineData("resnet101", "keras", 44_707_176)]
    [InlineData("resnet152", "keras", 60_419_944)]
    [InlineData("resnet50", "keras-old", 25_636_712)]
    public void Parameters_are_as_many_as_the_origin_counts(string name, string origin, long expected) =>
        Assert.Equal(expected, Create(name, origin).ParameterTotal());

    [Theory]
    [InlineData("vgg16", 14_714_688)]
    [InlineData("vgg19", 20_024_384)]
    [InlineData("resnet50", 23_587_712)]
    [InlineData("resnet101", 42_658_176)]
    [InlineData("resnet152", 58_370_944)]
    public void Parameters_without_top(string name, long expected) =>
        Assert.Equal(expected, ModelZoo.Create(name, new() { Origin = Origin.Keras, Top = false }).ParameterTotal());

    [Theory]
    [InlineData("resnet50", 25_583_592)]
    [InlineData("resnet101", 44_601_832)]
    [InlineData("resnet152", 60_268_520)]
    public void Running_statistics_are_not_trainable(string name, long expected) =>
        Assert.Equal(expected, Create(name, "keras").CountParameters().Trainable);

    /// <summary>Chainer also writes N beside each pair of statistics.</summary>
    [Theory]
    [InlineData("vgg16", "chainer", 32)]
    [InlineData("vgg19", "chainer", 38)]
    [InlineData("resnet50", "chainer", 321)]
    [InlineData("resnet101", "chainer", 627)]
    [InlineData("resnet152", "chainer", 933)]
    [InlineData("googlenet", "chainer", 128)]
    [InlineData("resnet50", "keras", 320)]
    [InlineData("resnet101", "keras", 626)]
    [InlineData("resnet152", "keras", 932)]
    public void Arrays_are_as_many_as_in_the_weight_file(string name, string origin, int expected)
    {
        Model model = Create(name, origin);
        int counters = origin == "chainer" ? model.Descendants().Count(item => item.Layer is BatchNormalization) : 0;
        Assert.Equal(expected, model.NamedParameters().Count() + model.NamedStatistics().Count() + counters);
    }

    [Fact]
    public void Parameter_paths_are_the_keys_of_a_Chainer_file()
    {
        string[] paths = [.. Create("resnet50", "chainer").NamedParameters().Select(item => item.Path)];
        Assert.Equal(["conv1/W", "conv1/b", "bn1/gamma", "bn1/beta", "res2/a/conv1/W"], paths[..5]);
        Assert.Contains("res2/a/conv4/W", paths);
        Assert.Contains("res4/b5/bn3/beta", paths);
        Assert.DoesNotContain("res2/b1/conv4/W", paths);
        Assert.DoesNotContain("res2/a/conv1/b", paths);
        Assert.Equal(["fc6/W", "fc6/b"], paths[^2..]);
        Assert.Contains("inc4e/proj5/W", Create("googlenet", "chainer").NamedParameters().Select(item => item.Path));
    }

    [Fact]
    public void Chainer_lists_its_layers_in_its_order()
    {
        Assert.Equal(["conv1", "pool1", "res2", "res3", "res4", "res5", "pool5", "fc6", "prob"], Create("resnet101", "chainer").AvailableLayers);
        Assert.Equal(
            [
                "conv1_1", "conv1_2", "pool1", "conv2_1", "conv2_2", "pool2", "conv3_1", "conv3_2", "conv3_3", "pool3",
                "conv4_1", "conv4_2", "conv4_3", "pool4", "conv5_1", "conv5_2", "conv5_3", "pool5", "fc6", "fc7", "fc8", "prob",
            ],
            Create("vgg16", "chainer").AvailableLayers);
        Assert.Equal(25, Create("vgg19", "chainer").AvailableLayers.Count);
        Assert.Equal(
            [
                "conv1", "pool1", "conv2_reduce", "conv2", "pool2", "inception_3a", "inception_3b", "pool3", "inception_4a", "inception_4b", "inception_4c", "inception_4d", "inception_4e",
                "pool4", "inception_5a", "inception_5b", "pool5", "loss3_fc", "prob", "loss1_fc2", "loss2_fc2", "loss1_fc1", "loss2_fc1",
            ],
            Create("googlenet", "chainer").AvailableLayers);
    }

    [Theory]
    [InlineData("resnet50", 177)]
    [InlineData("resnet101", 347)]
    [InlineData("resnet152", 517)]
    public void Keras_lists_every_layer_but_its_input(string name, int kerasLayers) =>
        Assert.Equal(kerasLayers - 1, Create(name, "keras").AvailableLayers.Count);

    [Theory]
    [InlineData("vgg16", "chainer", 224, 224, "conv1_1:224,224,64 pool1:112,112,64 pool5:7,7,512 fc6:4096 prob:1000")]
    [InlineData("vgg16", "chainer", 225, 225, "pool1:113,113,64 pool2:57,57,128 pool3:29,29,256 pool4:15,15,512 pool5:8,8,512")]
    [InlineData("vgg16", "keras", 225, 225, "block1_pool:112,112,64 block5_pool:7,7,512 flatten:25088 fc1:4096 predictions:1000")]
    [InlineData("resnet50", "chainer", 224, 224, "conv1:112,112,64 pool1:56,56,64 res2:56,56,256 res3:28,28,512 res4:14,14,1024 res5:7,7,2048 pool5:2048 fc6:1000")]
    [InlineData("resnet50", "chainer", 80, 60, "conv1:40,30,64 pool1:20,15,64 res2:20,15,256 res5:3,2,2048 pool5:2048")]
    [InlineData("resnet50", "chainer", 128, 128, "conv1:64,64,64 pool1:32,32,64 res2:32,32,256 res3:16,16,512 res4:8,8,1024 res5:4,4,2048")]
    [InlineData("resnet50", "keras", 224, 224, "conv1_pad:230,230,3 conv1_conv:112,112,64 pool1_pad:114,114,64 pool1_pool:56,56,64 conv2_block1_0_conv:56,56,256 conv5_block3_out:7,7,2048 avg_pool:2048")]
    [InlineData("resnet50", "keras-old", 224, 224, "stage1_relu:112,112,64 activation_1:112,112,64 stage1_pool:56,56,64 max_pooling2d_1:56,56,64 stage2_block3:56,56,256 activation_49:7,7,2048 add_16:7,7,2048 fc1000:1000")]
    [InlineData("googlenet", "chainer", 224, 224, "conv1:112,112,64 pool1:56,56,64 conv2:56,56,192 inception_3a:28,28,256 inception_4a:14,14,512 inception_4d:14,14,528 inception_5b:7,7,1024 pool5:1,1,1024 loss1_fc1:1024 loss2_fc2:1000")]
    [InlineData("unet-resnet50", "keras", 224, 224, "conv1_relu:112,112,64 UpConv_1:14,14,1024 Conv_1:14,14,1024 UpConv_4:112,112,64 Conv_4:112,112,64 output_layer:112,112,3")]
    public void Shapes_follow_the_origins_rules(string name, string origin, int height, int width, string expected)
    {
        Model model = Create(name, origin);
        foreach (string item in expected.Split(' '))
        {
            string[] parts = item.Split(':');
            Node node = model.Find(parts[0]);
            Assert.Equal($"{parts[0]}:1,{parts[1]}", $"{parts[0]}:{string.Join(',', model.Shapes(new Shape(1, height, width, 3), [node])[node.Index]!.Value.ToArray())}");
        }
    }

    /// <summary>31 030 658 is the count usually given for one input channel; red, green and blue add 2·9·64.</summary>
    [Theory]
    [InlineData(false, false, 572, 388)]
    [InlineData(true, false, 224, 224)]
    [InlineData(true, true, 224, 224)]
    [InlineData(true, false, 225, 224)]
    public void The_plain_U_Net_follows_the_papers_sizes(bool same, bool upSample, int size, int expected)
    {
        var model = new UNet(new() { SamePadding = same, UpSample = upSample });
        Assert.Equal(new Shape(1, expected, expected, 2), model.OutputShape(new Shape(1, size, size, 3)));
        Assert.Equal(31_030_658 + 1152, model.ParameterTotal());
        Assert.Equal(same ? 224 : 572, model.InputSize);
        var small = new UNet(new() { Width = 3, Classes = 5, SamePadding = same, UpSample = upSample });
        using var scope = new Scope();
        Tensor x = small.Prepare(new Image(7, 5, 3, new byte[105]), 188, 204);
        float[] y = small.Extract(x)["output_layer"].ToArray();
        Assert.Equal(same ? 176 * 192 * 5 : 4 * 20 * 5, y.Length);
        Assert.All(y.Chunk(5), pixel => Assert.Equal(1, pixel.Sum(), 1e-5f));
    }

    [Theory]
    [InlineData("vgg16", "keras", 1)]
    [InlineData("resnet50", "chainer", 2)]
    [InlineData("googlenet", "chainer", 4)]
    [InlineData("unet-resnet50", "keras", 1)]
    public void Heads_are_replaced_together(string name, string origin, int rows)
    {
        Model model = Create(name, origin);
        model.ReplaceHeads(7);
        Assert.Equal(7, model.Classes);
        Assert.Equal(rows, model.Summary().Rows.Count(row => row.Shape[-1] == 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.ReplaceHeads(0));
        Assert.Throws<InvalidOperationException>(() => new Vgg(16, new() { Origin = Origin.Keras, Top = false }).ReplaceHeads(7));
    }

    [Fact]
    public void The_valid_stem_of_old_Keras_pools_to_55()
    {
        var model = new ResNet(50, new() { Origin = Origin.KerasOld, ValidStem = true });
        NetworkSummary summary = model.Summary();
        Assert.Equal(new Shape(1, 55, 55, 64), summary.Rows.Single(row => row.Name == "stage1_pool").Shape);
        Assert.Equal(new Shape(1, 1, 1, 2048), summary.Rows.Single(row => row.Name == "avg_pool").Shape);
        Assert.DoesNotContain("pool1_pad", model.AvailableLayers);
    }

    [Fact]
    public void Facebooks_variant_has_the_stride_on_the_middle_convolution()
    {
        Assert.Equal((2, 1), Strides(new ResNet(50)));
        Assert.Equal((1, 2), Strides(new ResNet(50, new() { DownsampleFacebook = true })));

        static (int First, int Middle) Strides(ResNet model) => (((Convolution2D)model["res3/a/conv1"]).Stride, ((Convolution2D)model["res3/a/conv2"]).Stride);
    }

    [Fact]
    public void A_summary_takes_no_device_memory()
    {
        var device = new CpuDevice(1);
        var model = new Vgg(16);
        model.To(device);
        NetworkSummary summary = model.Summary();
        Assert.Equal(0, device.Pool.Allocations);
        Assert.Equal(138_357_544, summary.Parameters.Trainable);
        // 15.47 G multiply-adds, a figure often quoted for VGG16.
        Assert.InRange(summary.Flops / 2e9, 15.46, 15.48);
    }

    [Fact]
    public void The_rows_of_a_summary_hold_everything_once()
    {
        foreach (string name in ModelZoo.Names)
        {
            foreach (Origin origin in ModelZoo.OriginsOf(name))
            {
                Model model = ModelZoo.Create(name, new() { Origin = origin });
                NetworkSummary summary = model.Summary();
                Assert.Equal(model.AvailableLayers, summary.Rows.Select(row => row.Name));
                Assert.Equal(model.CountParameters(), summary.Parameters);
            }
        }
        Assert.Equal(4096L * 25088 + 4096, new Vgg(16).Summary().Rows.Single(row => row.Name == "fc6").Parameters.Trainable);
        Assert.Equal(1000L * 1024 + 1000, new GoogLeNet().Summary().Rows.Single(row => row.Name == "loss1_fc2").Parameters.Trainable);
    }

    [Fact]
    public void An_unknown_layer_is_an_error_with_the_names_and_the_nearest()
    {
        var error = Assert.Throws<UnknownLayerException>(() => new ResNet(50).Forward(new Variable(Tensor.Zeros(CpuDevice.Default, new Shape(1, 1, 1, 3))), ["res6"]));
        Assert.Equal("resnet50 (chainer): layers are asked for by their names; there is no 'res6', perhaps 'res2'; there are conv1, pool1, res2, res3, res4, res5, pool5, fc6, prob.", error.Message);
    }

    [Theory]
    [InlineData("vgg18")]
    [InlineData("ResNet50")]
    public void An_unknown_model_is_an_error_with_the_names(string name) =>
        Assert.Contains("vgg16, vgg19, resnet50", Assert.Throws<UnknownModelException>(() => ModelZoo.Create(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("googlenet", new() { Origin = Origin.Keras }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("resnet101", new() { Origin = Origin.KerasOld }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("vgg16", new() { Origin = Origin.Chainer, Top = false }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("vgg16", new() { DownsampleFacebook = true }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("resnet50", new() { ValidStem = true }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("resnet50", new() { Width = 32 }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("unet-resnet50", new() { SamePadding = true }));
        Assert.Throws<ModelOptionsException>(() => ModelZoo.Create("unet", new() { Top = false }));
        Assert.Throws<ModelOptionsException>(() => new ResNet(34));
        Assert.Throws<ModelOptionsException>(() => new Vgg(11));
    }

    [Fact]
    public void A_linear_layer_refuses_another_input_size_by_name()
    {
        var error = Assert.Throws<ShapeException>(() => new Vgg(16).Summarize(new Shape(1, 225, 225, 3)));
        Assert.Equal("fc6: Linear: takes 25088 inputs a row; x = [1, 8, 8, 512] has 32768.", error.Message);
    }

    [Fact]
    public void Labels_are_the_first_synonyms()
    {
        Assert.Equal(1000, ImageNetLabels.Names.Count);
        Assert.Equal(("tench", "pug", "toilet tissue"), (ImageNetLabels.Names[0], ImageNetLabels.Names[254], ImageNetLabels.Names[999]));
    }

    private static Model Create(string name, string origin) => ModelZoo.Create(name, new() { Origin = OriginNames.Parse(origin) });
}
