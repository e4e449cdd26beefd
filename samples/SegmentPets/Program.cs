// Trains the U-Net on a ResNet50 encoder to cut pets out of photos: the Oxford-IIIT Pet set, augmented, until the validation loss has not fallen for five epochs; the best epoch's weights are kept. With Keras's
// ResNet50 weights for the encoder or without: both are worth a run.
//   dotnet run -c Release --project samples/SegmentPets -- oxford-iiit-pet/ [resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5 | none] [side of the pictures, 224]
using NativeFree.Autograd;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

if (args.Length is < 1 or > 3)
{
    Console.Error.WriteLine("usage: SegmentPets FOLDER [RESNET50-WEIGHTS|none] [SIDE]");
    return 2;
}
bool pretrained = args.Length > 1 && args[1] != "none";

(ImageList learn, ImageList check) = OxfordPet.Segmentation(args[0], "trainval").Split(heldOut: 0.2, seed: 1);
ImageList test = OxfordPet.Segmentation(args[0], "test");

var network = new UNetResNet50(new ModelOptions { Classes = test.Classes.Count, InputSize = args.Length == 3 ? int.Parse(args[2]) : null });
if (pretrained)
    network.TakeEncoder(ModelLoader.Load(args[1]));

int side = network.InputSize;
var plain = new ImageDatasetOptions(side, side) { MaskHeight = side / 2, MaskWidth = side / 2, Preprocessing = network.Preprocessing };   // it answers at half size
var augmented = plain with { Augmentation = new Augmentation { RotationDegrees = 30, FlipProbability = 0.5, SmallestCrop = 0.7 }, Seed = 1 };
var training = new DataLoader(new ImageDataset(learn, augmented), batchSize: 32, shuffle: true, seed: 1, bad: BadSamples.Skip);
var validation = new DataLoader(new ImageDataset(check, plain), batchSize: 32, bad: BadSamples.Skip);

var adam = new Adam(network.NamedParameters().Select(item => item.Parameter), 1e-3, new AdamOptions { Epsilon = 1e-7 });
var trainer = new Trainer(
    new Classifier(network), adam,
    new Progress(Console.Out, terminal: !Console.IsOutputRedirected),
    new EarlyStopping("val_loss", patience: 5) { RestoreBest = true });
trainer.Fit(training, validation, epochs: 50);
Checkpoint.Save("pets.npz", trainer);                           // segment predict photo.jpg --weights pets.npz --output masks

Evaluation result = trainer.Evaluate(new DataLoader(new ImageDataset(test, plain), batchSize: 32, bad: BadSamples.Skip));
var report = new TrainingReport("U-Net on the Oxford-IIIT Pet set") { Classes = test.Classes, OfPixels = true };
report.Runs.Add(ReportRun.Of(pretrained ? "pretrained encoder" : "fresh encoder", trainer.History) with { Confusion = result.Confusion });
foreach ((string name, string value) in TrainingReport.Hardware(network.Device))
    report.Machine.Add((name, value));
report.Grids.Add(ReportExamples.Of("Test pictures", new ImageDataset(test, plain), [("answer", network)]));
report.Save("pets.html");
Console.WriteLine($"test: mean IoU {result.Measures.MeanIoU:0.0 %}; pets.npz, pets.html");
foreach (string line in training.Skipped)
    Console.WriteLine($"left out: {line}");
return 0;
