using System.Diagnostics;
using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Cli.Patterns;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Cli.Story;

/// <summary>
/// The demo's second half: what transfer learning buys when there are few masks. The way down of a small U-Net is pretrained on telling textures apart; then the U-Net is trained on a few pictures in the Pet layout, with it and with a
/// fresh one, with augmentation and early stopping, several times. The difference is measured on pictures that no training saw.
/// </summary>
internal sealed class TransferStory(TextWriter output, Device device, string folder, TransferSettings settings)
{
    private const string Tap = "down5_conv2";

    private readonly long start = Stopwatch.GetTimestamp();
    private ImageList? masks;
    private ImageList? tests;

    /// <returns>The report's path.</returns>
    public string Run(CancellationToken cancellation)
    {
        string textures = Path.Combine(folder, "textures"), pets = Path.Combine(folder, "pets"), pretrained = Path.Combine(folder, "pretrained.npz");
        output.WriteLine("== Transfer learning: a small U-Net with and without a pretrained encoder");
        PatternSet.WriteTextures(Path.Combine(textures, "train"), settings.Textures, settings.Seed, 0, settings.Size, settings.Size);
        PatternSet.WriteTextures(Path.Combine(textures, "check"), settings.TextureChecks, settings.Seed, settings.Textures, settings.Size, settings.Size);
        int first = settings.Masks + settings.MaskChecks;
        PatternSet.Write(pets, "trainval", first, settings.Seed, 0, settings.Size, settings.Size);
        PatternSet.Write(pets, "test", settings.MaskTests, settings.Seed, first, settings.Size, settings.Size);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{textures}: {settings.Textures + settings.TextureChecks} pictures of {PatternSet.TextureNames.Count} textures; {pets}: {first + settings.MaskTests} pictures with trimaps in the layout of the Oxford-IIIT Pet set; {Seconds(start)} s"));
        (masks, tests) = (OxfordPet.Segmentation(pets, "trainval"), OxfordPet.Segmentation(pets, "test"));
        History pretraining = Pretrain(textures, pretrained, cancellation);
        var runs = new List<TransferRun>();
        for (int seed = 1; seed <= settings.Seeds; seed++)
        {
            TimeSpan spent = Stopwatch.GetElapsedTime(start);
            if (runs.Count > 0 && spent + runs[^1].Time + runs[^2].Time > settings.Time)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after {spent.TotalSeconds:0} s there is no time for more than {runs.Count / 2} of {settings.Seeds} seeds"));
                break;
            }
            runs.Add(Train(seed, pretrained, cancellation));
            runs.Add(Train(seed, null, cancellation));
        }
        return new TransferReport(settings, device, pretraining, runs, tests, Stopwatch.GetElapsedTime(start)).Write(folder, output);
    }

    private History Pretrain(string textures, string path, CancellationToken cancellation)
    {
        ImageList train = ImageList.FromFolders(Path.Combine(textures, "train")), check = ImageList.FromFolders(Path.Combine(textures, "check"), train.Classes);
        var network = new FineTuned(settings.NewUNet(settings.Seed, device), Tap, train.Classes.Count, new NewLayerOptions { Average = true });
        output.WriteLine($"pretraining its way down to tell the textures apart: {network}");
        var options = new ImageDatasetOptions(settings.Size, settings.Size) { Preprocessing = network.Preprocessing };
        var trainer = new Trainer(new Classifier(network), Optimizer(network, settings.PretrainingRate), new Progress(output, terminal: false)) { Seed = settings.Seed };
        trainer.Fit(
            new DataLoader(new ImageDataset(train, options), 16, shuffle: true, settings.Seed, device), new DataLoader(new ImageDataset(check, options), 16, device: device), settings.PretrainingEpochs, cancellation);
        Checkpoint.Save(path, trainer);
        return trainer.History;
    }

    private TransferRun Train(int seed, string? pretrained, CancellationToken cancellation)
    {
        // The masks learnt from are others for each seed; those to stop by are the rest of the list.
        ImageList learn = masks!.Take(settings.Masks, seed);
        var chosen = learn.Samples.Select(sample => sample.Name).ToHashSet();
        var rest = new ImageList(masks.Source, [.. masks.Samples.Where(sample => !chosen.Contains(sample.Name))], masks.Classes);
        UNet network = settings.NewUNet(settings.Seed + seed, device);
        if (pretrained is not null)
            network.Load(pretrained, new LoadOptions { AllowMissing = true });
        var plain = new ImageDatasetOptions(settings.Size, settings.Size) { Preprocessing = network.Preprocessing };
        var trainer = new Trainer(new Classifier(network), Optimizer(network, settings.Rate), new EarlyStopping("val_loss", settings.Patience) { RestoreBest = true }) { Seed = seed };
        History history = trainer.Fit(
            new DataLoader(new ImageDataset(learn, plain with { Augmentation = new Augmentation(), Seed = seed }), settings.BatchSize, shuffle: true, seed, device),
            new DataLoader(new ImageDataset(rest, plain), 12, device: device), settings.Epochs, cancellation);
        Evaluation test = trainer.Evaluate(new DataLoader(new ImageDataset(tests!, plain), 12, device: device), cancellation);
        var run = new TransferRun(seed, pretrained is not null, history, test, network);
        output.WriteLine(run.ToString());
        return run;
    }

    private static Adam Optimizer(Model network, double rate) => new(network.NamedParameters().Select(item => item.Parameter), rate);

    private static string Seconds(long since) => Stopwatch.GetElapsedTime(since).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
