namespace NativeFree.Models;

/// <summary>The framework whose weight files a model is faithful to. Layer names, pooling rule, epsilon, stride position, bias and preprocessing follow it.</summary>
public enum Origin
{
    /// <summary>chainer.links.model.vision, version 7.8.</summary>
    Chainer,

    /// <summary>keras.applications of tf.keras and Keras 3: ResNets with names like <c>conv2_block1_1_conv</c>. The VGGs of all Keras versions.</summary>
    Keras,

    /// <summary>ResNet50 of keras_applications 1.0.8 and before, with names like <c>res2a_branch2a</c> and epsilon 1e-3.</summary>
    KerasOld,
}

/// <summary>The origins as they are written on the command line and in JSON.</summary>
public static class OriginNames
{
    /// <summary><c>chainer</c>, <c>keras</c> or <c>keras-old</c>.</summary>
    public static string Text(this Origin origin) => origin switch
    {
        Origin.Chainer => "chainer",
        Origin.Keras => "keras",
        Origin.KerasOld => "keras-old",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "Origin: one of the enumeration."),
    };

    /// <summary>The origin of a text, or null where the text is none of the three.</summary>
    public static Origin? Parse(string text) => text switch
    {
        "chainer" => Origin.Chainer,
        "keras" => Origin.Keras,
        "keras-old" => Origin.KerasOld,
        _ => null,
    };
}
