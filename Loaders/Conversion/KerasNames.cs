namespace NativeFree.Loaders;

/// <summary>What Keras calls a layer of Chainer's VGGs and ResNets.</summary>
internal static class KerasNames
{
    /// <param name="chainer">Path of a layer with weights in Chainer's model: <c>fc6</c>, <c>res2/a/conv4</c>.</param>
    /// <param name="residual">Whether the model is a ResNet.</param>
    /// <param name="old">Whether the names are those of keras_applications 1.0.8.</param>
    public static string Of(string chainer, bool residual, bool old) => residual ? Residual(chainer, old) : chainer switch
    {
        "fc6" => "fc1",
        "fc7" => "fc2",
        "fc8" => "predictions",
        _ => $"block{chainer[4]}_conv{chainer[6]}", // conv3_2
    };

    private static string Residual(string chainer, bool old)
    {
        switch (chainer)
        {
            case "conv1":
                return old ? "conv1" : "conv1_conv";
            case "bn1":
                return old ? "bn_conv1" : "conv1_bn";
            case "fc6":
                return old ? "fc1000" : "predictions";
        }
        // res4/b12/conv3: block a is the first, b1 the second; the projection is number 4 here and 0 there.
        string[] parts = chainer.Split('/');
        char stage = parts[0][3];
        int block = parts[1] == "a" ? 1 : 1 + int.Parse(parts[1].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        int number = parts[2][^1] == '4' ? 0 : parts[2][^1] - '0';
        bool norm = parts[2][0] == 'b';
        if (!old)
            return $"conv{stage}_block{block}_{number}_{(norm ? "bn" : "conv")}";
        string branch = number == 0 ? "branch1" : $"branch2{(char)('a' + number - 1)}";
        return $"{(norm ? "bn" : "res")}{stage}{(char)('a' + block - 1)}_{branch}";
    }
}
