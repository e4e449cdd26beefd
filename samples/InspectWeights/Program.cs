// Says what a weight file is and lists its arrays with mean and spread.
//   dotnet run -c Release --project samples/InspectWeights -- ResNet-50-model.npz
using NativeFree.Loaders;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: InspectWeights FILE");
    return 2;
}

using ArrayFile file = ArrayFile.Open(args[0]);           // h5, .weights.h5, .keras, npz or npy, in gzip or not
Console.WriteLine($"{file.Kind}: {ModelLoader.Recognize(file)}, {file.Arrays.Count} arrays");
foreach (ArrayEntry entry in file.Arrays.Where(entry => entry.Refusal is null && entry.Dtype.Contains('f')))
{
    (double sum, double squares) = (0, 0);
    file.ReadFloatPieces(entry, (_, piece) =>
    {
        foreach (float value in piece)
        {
            sum += value;
            squares += (double)value * value;
        }
    });
    double mean = sum / entry.Count;
    Console.WriteLine($"  {entry.Name,-44} {entry.Dtype} ({string.Join(", ", entry.Shape)}): mean {mean:0.0000}, spread {Math.Sqrt(Math.Max((squares / entry.Count) - (mean * mean), 0)):0.0000}");
}
return 0;
