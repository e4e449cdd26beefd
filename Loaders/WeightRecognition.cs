using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>What a file of arrays is, by its content. What could not be told is null.</summary>
/// <param name="Framework"><c>chainer</c>, <c>keras</c> or, of our own checkpoints, <c>nativefree</c>.</param>
/// <param name="Model">A name of <see cref="ModelZoo"/>.</param>
/// <param name="Origin">The flavour.</param>
/// <param name="Top">Whether the classifying layers are there.</param>
/// <param name="Classes">Outputs of the last layer, where it is there.</param>
public sealed record WeightFileInfo(string? Framework, string? Model, Origin? Origin, bool Top, int? Classes)
{
    /// <summary><c>resnet50 (keras), no top</c>, or what is known instead.</summary>
    public override string ToString() => Model is null
        ? Framework is null ? "no weight file of Chainer or Keras" : $"a {Framework} file of no model of the zoo"
        : $"{Model} ({Origin!.Value.Text()}){(Top ? "" : ", no top")}";
}

/// <summary>The names by which the models of the zoo are told apart.</summary>
internal static class WeightRecognition
{
    /// <summary>The first row whose name is in the file decides: a network's longest member comes first.</summary>
    private static readonly (string Framework, string Name, string Model, Origin Origin)[] Table =
    [
        ("chainer", "inc3a", "googlenet", Origin.Chainer),
        ("chainer", "res4/b35", "resnet152", Origin.Chainer),
        ("chainer", "res4/b22", "resnet101", Origin.Chainer),
        ("chainer", "res4/b5", "resnet50", Origin.Chainer),
        ("chainer", "conv3_4", "vgg19", Origin.Chainer),
        ("chainer", "conv3_3", "vgg16", Origin.Chainer),
        ("keras", "down5_conv2", "unet", Origin.Keras),
        ("keras", "UpConv_1", "unet-resnet50", Origin.Keras),
        ("keras", "conv4_block36_1_conv", "resnet152", Origin.Keras),
        ("keras", "conv4_block23_1_conv", "resnet101", Origin.Keras),
        ("keras", "conv4_block6_1_conv", "resnet50", Origin.Keras),
        ("keras", "res4f_branch2a", "resnet50", Origin.KerasOld),
        ("keras", "block3_conv4", "vgg19", Origin.Keras),
        ("keras", "block3_conv3", "vgg16", Origin.Keras),
        ("keras", "155 conv2d", "resnet152", Origin.Keras),
        ("keras", "104 conv2d", "resnet101", Origin.Keras),
        ("keras", "53 conv2d", "resnet50", Origin.Keras),
        ("keras", "16 conv2d", "vgg19", Origin.Keras),
        ("keras", "13 conv2d", "vgg16", Origin.Keras),
    ];

    /// <summary>Names of relatives that look alike and are not in the zoo.</summary>
    private static readonly (string Name, string What)[] Relatives =
    [
        ("conv2_block1_preact_bn", "a ResNet version 2 of Keras, whose batch norms come before the convolutions"),
        ("res4b22_branch2a", "a ResNet101 of another Keras project"),
        ("block2_sepconv1", "Xception"),
        ("mixed10", "InceptionV3"),
    ];

    /// <exception cref="WeightException">The file holds a relative of a zoo model.</exception>
    public static WeightFileInfo Of(ArrayFile file, WeightSource? source)
    {
        if (source is null)
            return new WeightFileInfo(null, null, null, false, null);
        if (source is CheckpointSource checkpoint)
            return checkpoint.Info;
        if (CheckpointDescription.IsBeside(file))
        {
            Model described = CheckpointDescription.Build(file);
            return new WeightFileInfo(source.Framework, described.Name, described.Origin, described.Options.Top, described.Options.Top ? described.Classes : null);
        }
        foreach ((string name, string what) in Relatives)
        {
            if (source.Names.Contains(name))
                throw new WeightException(file.Path, $"holds {what}; the zoo has {string.Join(", ", ModelZoo.Names)}");
        }
        (_, _, string? model, Origin origin) = Table.FirstOrDefault(row => row.Framework == source.Framework && source.Names.Contains(row.Name));
        if (model is null)
            return new WeightFileInfo(source.Framework, null, null, false, null);
        string top = (model, origin) switch
        {
            ("vgg16" or "vgg19", Origin.Chainer) => "fc8",
            ("googlenet", _) => "loss3_fc",
            (_, Origin.Chainer) => "fc6",
            (_, Origin.KerasOld) => "fc1000",
            ("unet-resnet50" or "unet", _) => "output_layer",
            _ => "predictions",
        };
        int? classes = source.Classes(top);
        return new WeightFileInfo(source.Framework, model, origin, classes is not null || origin == Origin.Chainer, classes);
    }
}
