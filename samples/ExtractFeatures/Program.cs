// Compares photos by their features: the cosine of the angle between the values of the network's feature layer.
//   dotnet run -c Release --project samples/ExtractFeatures -- vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 a.jpg b.jpg c.jpg
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

if (args.Length < 3)
{
    Console.Error.WriteLine("usage: ExtractFeatures WEIGHTS PHOTO PHOTO…");
    return 2;
}

Model model = ModelLoader.Load(args[0]);
string layer = model.DefaultLayers[0];
using var scope = new Scope();
Tensor features = model.Extract([.. args[1..].Select(path => ImageFile.Load(path))], [layer])[layer];
if (features.Shape.Rank == 4)                             // a model without its top ends in a map: its mean over the picture
    features = F.GlobalAveragePooling2D(features).Value;
Console.WriteLine($"{model}, {layer}: {features.Shape}");

float[][] rows = [.. features.ToArray().Chunk(features.Shape[1])];
for (int i = 0; i < rows.Length; i++)
{
    for (int k = i + 1; k < rows.Length; k++)
        Console.WriteLine($"  {Cosine(rows[i], rows[k]):0.000}  {args[i + 1]}  {args[k + 1]}");
}
return 0;

static double Cosine(float[] a, float[] b)
{
    double dot = 0, aa = 0, bb = 0;
    for (int i = 0; i < a.Length; i++)
    {
        dot += (double)a[i] * b[i];
        aa += (double)a[i] * a[i];
        bb += (double)b[i] * b[i];
    }
    return dot / Math.Sqrt(aa * bb);
}
