namespace NativeFree.Models;

/// <summary>Which options fit which model; checked in one place so that every message reads alike.</summary>
internal static class ZooRules
{
    /// <summary>The origin asked for, or the first that exists.</summary>
    /// <exception cref="ModelOptionsException">The model does not exist in that framework, or another option does not fit it.</exception>
    public static Origin OriginOf(ModelOptions? options, string model, params ReadOnlySpan<Origin> origins)
    {
        Origin origin = options?.Origin ?? origins[0];
        if (!origins.Contains(origin))
            throw new ModelOptionsException($"{model}: exists as {string.Join(" and ", origins.ToArray().Select(o => o.Text()))}; got {origin.Text()}.");
        if (options is null)
            return origin;
        if (options.Classes < 1)
            throw new ModelOptionsException($"{model}: there is at least one class; got {options.Classes}.");
        if (!options.Top && origin == Origin.Chainer)
            throw new ModelOptionsException($"{model}: Chainer's models have their top; leave it and ask for an earlier layer.");
        if (options.DownsampleFacebook && !(origin == Origin.Chainer && model.StartsWith("resnet", StringComparison.Ordinal)))
            throw new ModelOptionsException($"{model}: downsample_fb is an option of Chainer's ResNets; got {model} ({origin.Text()}).");
        if (options.ValidStem && origin != Origin.KerasOld)
            throw new ModelOptionsException($"{model}: the valid stem is an option of the old Keras ResNet50; got {model} ({origin.Text()}).");
        if (options.InputSize is < 1)
            throw new ModelOptionsException($"{model}: pictures have at least one row and column; got an input size of {options.InputSize}.");
        if (options.Width is < 1)
            throw new ModelOptionsException($"{model}: the width is at least 1; got {options.Width}.");
        if (options.Width is not null && !model.StartsWith("unet", StringComparison.Ordinal))
            throw new ModelOptionsException($"{model}: the width is an option of the U-Nets; leave it out.");
        if ((options.SamePadding || options.UpSample) && model != "unet")
            throw new ModelOptionsException($"{model}: same padding and up-sampling are options of the plain U-Net; leave them out.");
        return origin;
    }

    /// <exception cref="ModelOptionsException">The options leave the top out.</exception>
    public static void RequireTop(ModelOptions options, string model)
    {
        if (!options.Top)
            throw new ModelOptionsException($"{model}: the network has its top; ask for an earlier layer to have what comes before.");
    }
}

/// <summary>Options that do not fit the model; the message says which the model has.</summary>
public sealed class ModelOptionsException : ArgumentException
{
    internal ModelOptionsException(string message) : base(message)
    {
    }
}
