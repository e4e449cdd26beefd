// What features learnt on ImageNet are worth for clothes: VGG16's first three blocks of convolutions (28² pictures say little to later ones), frozen, slowed to a tenth, or fresh, taught with few pictures of Fashion-MNIST
// (Debian: apt install dataset-fashion-mnist), three times each with other pictures; 100 more tell when to stop; judged on 1000 test pictures.
//   dotnet run -c Release --project samples/TransferFashion -- vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 100 300
using System.Diagnostics;
using NativeFree.Autograd;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: TransferFashion VGG16-WEIGHTS PICTURES…");
    return 2;
}

const string folder = "/usr/share/datasets/fashion-mnist";
const int side = 32;                                            // 28² enlarged, grey repeated, ImageNet's means
(ImageList pool, ImageList checks) = FashionMnist.Images(folder, train: true).Split(heldOut: 0.01, seed: 0);
ImageList tests = FashionMnist.Images(folder, train: false).Take(1000, seed: 0), check = checks.Take(100, seed: 0);
Console.WriteLine("| pictures | base | test accuracy, 3 seeds | epochs | minutes |\n|---|---|---|---|---|");
foreach (int count in args[1..].Select(int.Parse))
{
    foreach (string way in (string[])["frozen", "slowed", "fresh"])
    {
        var (accuracies, epochs, start) = (new List<double>(), 0, Stopwatch.GetTimestamp());
        for (int seed = 1; seed <= 3; seed++)
        {
            (double accuracy, int ran) = Teach(way, pool.Take(count, seed), seed);
            accuracies.Add(accuracy);
            epochs += ran;
        }
        double mean = accuracies.Average(), spread = Math.Sqrt(accuracies.Sum(each => (each - mean) * (each - mean)) / 2);
        Console.WriteLine($"| {count} | {way} | {100 * mean:0.0} ± {100 * spread:0.0} % | {epochs / 3.0:0.0} | {Stopwatch.GetElapsedTime(start).TotalMinutes / 3:0.00} |");
    }
}
return 0;

(double Accuracy, int Epochs) Teach(string way, ImageList pictures, int seed)
{
    Model convolutions = way == "fresh"
        ? new Vgg(16, new ModelOptions { Origin = Origin.Keras, Top = false, InputSize = side }) { Seed = seed }
        : ModelLoader.Load(args[0], new LoadOptions { InputSize = side });
    var network = new FineTuned(convolutions, "block3_pool", pool.Classes.Count) { Seed = seed };
    if (way == "frozen")
        network.FreezeBase();
    else if (way == "slowed")
        network.SetBaseLearningRateScale(0.1f);
    var adam = new Adam(network.NamedParameters().Select(item => item.Parameter), way == "fresh" ? 3e-4 : 1e-3);
    // Frozen, the features are computed once and the new layer alone learns.
    IDataset Data(ImageList list)
    {
        var images = new ImageDataset(list, new ImageDatasetOptions(side, side) { Preprocessing = network.Preprocessing });
        return network.BaseFrozen ? FeatureDataset.Open(network, images, "features", batchSize: 50) : images;
    }
    var trainer = new Trainer(new Classifier(network.BaseFrozen ? network.NewLayers : (Network)network), adam, new EarlyStopping("val_loss", patience: 5) { RestoreBest = true }) { Seed = seed };
    trainer.Fit(new DataLoader(Data(pictures), 10, shuffle: true, seed), new DataLoader(Data(check), 50), epochs: way == "frozen" ? 200 : 30);
    return (trainer.Evaluate(new DataLoader(Data(tests), 50)).Measures.Accuracy, trainer.History.Epochs.Count);
}
