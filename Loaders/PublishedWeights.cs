using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>A weight file that Keras publishes or Chainer makes of a published one.</summary>
/// <param name="Model">The zoo's name.</param>
/// <param name="Origin">The flavour.</param>
/// <param name="Top">Whether it has the classifying layers.</param>
/// <param name="FileName">Its name in the cache folder.</param>
/// <param name="Md5">Its checksum as Keras states it, or null: Chainer writes its npz on each machine anew.</param>
/// <param name="Source">Where it is published, or what it is made of.</param>
public sealed record PublishedFile(string Model, Origin Origin, bool Top, string FileName, string? Md5, string Source);

/// <summary>
/// The published weight files and the folders in which Keras and Chainer keep them. Names and checksums: the <c>WEIGHTS_HASHES</c> and <c>WEIGHTS_PATH</c> of keras.applications and keras_applications 1.0.8, and
/// chainer.links.model.vision 7.8.
/// </summary>
public static class PublishedWeights
{
    private const string Keras = "https://storage.googleapis.com/tensorflow/keras-applications/";
    private const string KerasOld = "https://github.com/fchollet/deep-learning-models/releases/tag/v0.2";
    private const string Oxford = "http://www.robots.ox.ac.uk/~vgg/software/very_deep/caffe/";
    private const string Microsoft = "https://github.com/KaimingHe/deep-residual-networks";
    private const string Berkeley = "http://dl.caffe.berkeleyvision.org/";

    /// <summary>All of them, for each model the one to look for first before the others.</summary>
    public static IReadOnlyList<PublishedFile> Files { get; } =
    [
        KerasFile("vgg16", "vgg16", true, "64373286793e3c8b2b4e3219cbf3544b"),
        KerasFile("vgg16", "vgg16", false, "6d6bbae143d832006294945121d1f1fc"),
        KerasFile("vgg19", "vgg19", true, "cbe5617147190e668d6c5d5026f83318"),
        KerasFile("vgg19", "vgg19", false, "253f8cb515780f3b799900260a226db6"),
        KerasFile("resnet50", "resnet", true, "2cb95161c43110f7111970584f804107"),
        KerasFile("resnet50", "resnet", false, "4d473c1dd8becc155b73f8504c6f6626"),
        KerasFile("resnet101", "resnet", true, "f1aeb4b969a6efcfb50fad2f0c20cfc5"),
        KerasFile("resnet101", "resnet", false, "88cf7a10940856eca736dc7b7e228a21"),
        KerasFile("resnet152", "resnet", true, "100835be76be38e30d865e96f2aaae62"),
        KerasFile("resnet152", "resnet", false, "ee4c566cf9a93f14d82f913c2dc6dd0c"),
        // The old ResNet50 has the names of the new one; only the contents differ.
        new("resnet50", Origin.KerasOld, true, "resnet50_weights_tf_dim_ordering_tf_kernels.h5", "a7b3fe01876f51b976af0dea6bc144eb", KerasOld),
        new("resnet50", Origin.KerasOld, false, "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5", "a268eb855778b3df3c7506639542a6af", KerasOld),
        ChainerFile("vgg16", "VGG_ILSVRC_16_layers", Oxford),
        ChainerFile("vgg19", "VGG_ILSVRC_19_layers", Oxford),
        ChainerFile("resnet50", "ResNet-50-model", Microsoft),
        ChainerFile("resnet101", "ResNet-101-model", Microsoft),
        ChainerFile("resnet152", "ResNet-152-model", Microsoft),
        ChainerFile("googlenet", "bvlc_googlenet", Berkeley),
    ];

    /// <summary><c>models</c> in the folder that KERAS_HOME names, else in <c>~/.keras</c>.</summary>
    public static string KerasFolder => Path.Combine(FromEnvironment("KERAS_HOME") ?? Path.Combine(Home, ".keras"), "models");

    /// <summary><c>pfnet/chainer/models</c> in the folder that CHAINER_DATASET_ROOT names, else in <c>~/.chainer/dataset</c>.</summary>
    public static string ChainerFolder => Path.Combine(FromEnvironment("CHAINER_DATASET_ROOT") ?? Path.Combine(Home, ".chainer", "dataset"), "pfnet", "chainer", "models");

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The published file of a model in the cache folders, one with top before one without.</summary>
    /// <exception cref="FileNotFoundException">None is there; the message names the file and where it is published.</exception>
    public static string Find(string model)
    {
        PublishedFile[] files = [.. Files.Where(file => file.Model == model).OrderByDescending(file => file.Top)];
        foreach (PublishedFile file in files)
        {
            string path = Path.Combine(Folder(file), file.FileName);
            if (File.Exists(path))
                return path;
        }
        if (files.Length == 0)
            throw new FileNotFoundException($"{model}: weights come from a file; none is published for this model; name one with --weights");
        PublishedFile first = files[0];
        throw new FileNotFoundException(
            $"{model}: weights come from a file; {first.FileName} is not in {Folder(first)}{(files.FirstOrDefault(file => file.Origin != first.Origin && file.Origin == Origin.Chainer) is { } other ? $" nor {other.FileName} in {Folder(other)}" : "")}; "
            + $"get {first.FileName} from {first.Source}, or name a file with --weights");
    }

    private static string Folder(PublishedFile file) => file.Origin == Origin.Chainer ? ChainerFolder : KerasFolder;

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static PublishedFile KerasFile(string model, string folder, bool top, string md5) =>
        new(model, Origin.Keras, top, $"{model}_weights_tf_dim_ordering_tf_kernels{(top ? "" : "_notop")}.h5", md5, $"{Keras}{folder}/");

    private static PublishedFile ChainerFile(string model, string name, string source) =>
        new(model, Origin.Chainer, true, $"{name}.npz", null, $"{source} as {name}.caffemodel, of which Chainer makes the npz on first use");
}
