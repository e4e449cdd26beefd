// Classifies a photo with published weights, whichever framework wrote them.
//   dotnet run -c Release --project samples/Classify -- cat.jpg resnet50_weights_tf_dim_ordering_tf_kernels.h5
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Classify PHOTO WEIGHTS");
    return 2;
}

Model model = ModelLoader.Load(args[1]);                  // what the file holds decides which model this is
Image photo = ImageFile.Load(args[0]);
using var scope = new Scope();                            // everything made in here is given back at its end
float[] probabilities = model.Predict([photo]).ToArray(); // mean over ten crops, as Chainer's predict

Console.WriteLine($"{model}: {args[0]}");
foreach (int i in Enumerable.Range(0, probabilities.Length).OrderByDescending(i => probabilities[i]).Take(5))
    Console.WriteLine($"  {probabilities[i],8:0.0000}  {ImageNetLabels.Names[i]}");
return 0;
