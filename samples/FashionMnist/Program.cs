// Trains a small convolutional net on Fashion-MNIST and measures it on the 10 000 test pictures after each epoch.
//   dotnet run -c Release --project samples/FashionMnist -- /usr/share/datasets/fashion-mnist 5 1 shared
// The last argument, if given, is a folder for the initial weights and the order of the pictures; torch_twin.py beside this file trains the same net on them in PyTorch.
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Training;

if (args.Length is < 3 or > 4 || !int.TryParse(args[1], out int epochs) || !int.TryParse(args[2], out int seed))
{
    Console.Error.WriteLine("usage: FashionMnist FOLDER EPOCHS SEED [SHARED]");
    return 2;
}

var network = new SmallNet { Seed = seed };
var training = new DataLoader(FashionMnist.Arrays(args[0], train: true), 128, shuffle: true, seed);
var test = new DataLoader(FashionMnist.Arrays(args[0], train: false), 500);
var classifier = new Classifier(network);
Parameter[] parameters = [.. network.NamedParameters().Select(item => item.Parameter)];
var adam = new AdamW(parameters, 1e-3, weightDecay: 0); // without decay it is PyTorch's Adam
var trainer = new Trainer(classifier, adam, new Progress(Console.Out, terminal: false)) { Seed = seed };
if (args.Length == 4)
{
    Directory.CreateDirectory(args[3]);
    CheckpointFile.Write(Path.Combine(args[3], "start.npz"), network);
    NpzWriter.Write(Path.Combine(args[3], "order.npz"), Enumerable.Range(0, epochs).Select(epoch => NamedArray.Of<int>($"epoch{epoch}", [training.Count], training.Order(epoch))));
}
trainer.Fit(training, test, epochs);
return 0;

/// <summary>Twice convolution 3×3, ReLU and pooling; then 128 hidden units and ten classes: 421 642 parameters.</summary>
internal sealed class SmallNet : Network
{
    public SmallNet()
    {
        Node h = Apply(new MaxPooling2D(2, 2), Apply(new Relu(), Apply("conv1", new Convolution2D(1, 32, 3, padding: 1, initializer: Initializer.HeNormal), Input)));
        h = Apply(new MaxPooling2D(2, 2), Apply(new Relu(), Apply("conv2", new Convolution2D(32, 64, 3, padding: 1, initializer: Initializer.HeNormal), h)));
        h = Apply(new Relu(), Apply("fc1", new Linear(7 * 7 * 64, 128, initializer: Initializer.HeNormal), h));
        Publish("scores", Apply("fc2", new Linear(128, 10), h));
    }
}
