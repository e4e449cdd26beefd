using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>The models by the names that the command line uses.</summary>
public static class ModelZoo
{
    /// <summary>Every name, in the order they are listed.</summary>
    public static IReadOnlyList<string> Names { get; } = ["vgg16", "vgg19", "resnet50", "resnet101", "resnet152", "googlenet", "unet-resnet50", "unet"];

    /// <summary>The origins in which a model exists, its default first.</summary>
    /// <exception cref="UnknownModelException">No model has the name.</exception>
    public static IReadOnlyList<Origin> OriginsOf(string name) => name switch
    {
        "vgg16" or "vgg19" or "resnet101" or "resnet152" => [Origin.Chainer, Origin.Keras],
        "resnet50" => [Origin.Chainer, Origin.Keras, Origin.KerasOld],
        "googlenet" => [Origin.Chainer],
        "unet-resnet50" or "unet" => [Origin.Keras],
        _ => throw new UnknownModelException(name, Names),
    };

    /// <summary>Builds a model; its parameters take memory when they are first used or loaded.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Origin, classes and variants; the defaults when null.</param>
    /// <exception cref="UnknownModelException">No model has the name; the message lists the names and the nearest one.</exception>
    /// <exception cref="ModelOptionsException">The options do not fit the model.</exception>
    public static Model Create(string name, ModelOptions? options = null) => name switch
    {
        "vgg16" => new Vgg(16, options),
        "vgg19" => new Vgg(19, options),
        "resnet50" => new ResNet(50, options),
        "resnet101" => new ResNet(101, options),
        "resnet152" => new ResNet(152, options),
        "googlenet" => new GoogLeNet(options),
        "unet-resnet50" => new UNetResNet50(options),
        "unet" => new UNet(options),
        _ => throw new UnknownModelException(name, Names),
    };
}

/// <summary>A model was asked for by a name that the zoo does not have. The message lists the names and the nearest one.</summary>
public sealed class UnknownModelException : ArgumentException
{
    internal UnknownModelException(string name, IReadOnlyList<string> names)
        : base($"model: one of {string.Join(", ", names)}; got '{name}'; perhaps '{NearestName.Of(name, names)}'.")
    {
    }
}
