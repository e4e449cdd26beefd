// What features learnt on ImageNet are worth for clothes: VGG16's convolutions frozen, slowed to a tenth, or fresh, taught with few pictures of Fashion-MNIST (Debian: apt install dataset-fashion-mnist), three
// times each with other pictures; judged on 1000 test pictures.
//   dotnet run -c Release --project samples/TransferFashion -- vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 100 300
using System.Diagnostics;
using NativeFree.Autograd;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: TransferFashion VGG16-WEIGHTS PICTURES…");
    return 2;
}

const string folder = "/usr/share/datasets/fashion-mnist";
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
            Model convolutions = way == "fresh" ? new Vgg(16, new ModelOptions { Origin = Origin.Keras, Top = false }) { Seed = seed } : ModelLoader.Load(args[0]);
            var network = new FineTuned(convolutions, "block5_pool", pool.Classes.Count, new NewLayerOptions { Average = true }) { Seed = seed };
            if (way == "frozen")
                network.FreezeBase();
            else if (way == "slowed")
                network.SetBaseLearningRateScale(0.1f);
            var options = new ImageDatasetOptions(32, 32) { Preprocessing = network.Preprocessing };  // 28² enlarged, grey repeated, ImageNet's means
            var adam = new Adam(network.NamedParameters().Select(item => item.Parameter), way == "fresh" ? 1e-4 : 1e-3);
            var trainer = new Trainer(new Classifier(network), adam, new EarlyStopping("val_loss", patience: 4) { RestoreBest = true }) { Seed = seed };
            trainer.Fit(new DataLoader(new ImageDataset(pool.Take(count, seed), options), 10, shuffle: true, seed), new DataLoader(new ImageDataset(check, options), 50), epochs: 15);
            accuracies.Add(trainer.Evaluate(new DataLoader(new ImageDataset(tests, options), 50)).Measures.Accuracy);
            epochs += trainer.History.Epochs.Count;
        }
        double mean = accuracies.Average(), spread = Math.Sqrt(accuracies.Sum(each => (each - mean) * (each - mean)) / 2);
        Console.WriteLine($"| {count} | {way} | {100 * mean:0.0} ± {100 * spread:0.0} % | {epochs / 3.0:0.0} | {Stopwatch.GetElapsedTime(start).TotalMinutes / 3:0.00} |");
    }
}
return 0;
