using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

Model model = ModelLoader.Load(args[1]);
using var scope = new Scope();
float[] probabilities = model.Predict([ImageFile.Load(args[0])]).ToArray();
int best = Array.IndexOf(probabilities, probabilities.Max());
Console.WriteLine($"{best} {ImageNetLabels.Names[best]} {probabilities[best]:0.0000}");
