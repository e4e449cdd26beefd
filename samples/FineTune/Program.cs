// Teaches a network with published weights the classes of a folder (one folder of pictures for each), as Chainer users do: new layers on a tap, the base ten times slower, or frozen. A GoogLeNet gets its
// three heads replaced together, and the loss is L3 + 0.3·(L1 + L2).
//   dotnet run -c Release --project samples/FineTune -- VGG_ILSVRC_16_layers.npz flowers/ [--freeze]
using NativeFree.Autograd;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

if (args.Length is < 2 or > 3 || (args.Length == 3 && args[2] != "--freeze"))
{
    Console.Error.WriteLine("usage: FineTune WEIGHTS FOLDER [--freeze]");
    return 2;
}

ImageList pictures = ImageList.FromFolders(args[1]);
(ImageList learn, ImageList check) = pictures.Split(heldOut: 0.2, seed: 1);

Model model = ModelLoader.Load(args[0]);                        // what the file holds decides which model this is
if (model is GoogLeNet)
    model.ReplaceHeads(pictures.Classes.Count);                 // loss1_fc2, loss2_fc2 and loss3_fc
else                                                            // up to fc7, pool5, avg_pool …, then Linear(256), ReLU, Linear(classes)
    model = new FineTuned(model, model.DefaultLayers[0], pictures.Classes.Count, new NewLayerOptions { Hidden = [256], Average = true });
if (args.Length == 3)
    model.FreezeBase();                                         // no gradients there, and batch norms on their stored statistics
else
    model.SetBaseLearningRateScale(0.1f);

var plain = new ImageDatasetOptions(model.InputSize, model.InputSize) { Preprocessing = model.Preprocessing };
var training = new DataLoader(new ImageDataset(learn, plain with { Augmentation = new Augmentation() }), batchSize: 16, shuffle: true, seed: 1);
var validation = new DataLoader(new ImageDataset(check, plain), batchSize: 16);

var adam = new Adam(model.NamedParameters().Select(item => item.Parameter), 1e-4);
var trainer = new Trainer(
    new Classifier(model), adam,
    new Progress(Console.Out, terminal: !Console.IsOutputRedirected),
    new EarlyStopping("val_loss", patience: 3) { RestoreBest = true });
trainer.Fit(training, validation, epochs: 20);
Checkpoint.Save("finetuned.npz", trainer);                      // a weight file too: classify --weights finetuned.npz

Evaluation result = trainer.Evaluate(validation);
var report = new TrainingReport($"{model} on {pictures.Source}") { Classes = pictures.Classes };
report.Runs.Add(ReportRun.Of("fine-tuning", trainer.History) with { Confusion = result.Confusion, Results = [("accuracy", result.Measures.Accuracy)] });
report.Grids.Add(ReportExamples.Of("Pictures kept back", new ImageDataset(check, plain), [("answer", model)]));
report.Save("finetuned.html");
Console.WriteLine($"{check.Count} pictures kept back: {result.Measures.Accuracy:0.0 %} right; finetuned.npz, finetuned.html");
return 0;
