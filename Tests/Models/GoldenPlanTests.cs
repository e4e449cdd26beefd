using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Compiled plans against the original frameworks' stored activations, with the tolerances of the networks run layer by layer: once with every stored layer wanted, once with the last alone, where everything fuses.</summary>
[Collection("whole networks")]
public sealed class GoldenPlanTests(LoadedModels models)
{
    public static TheoryData<string, string> Activations => GoldenModelTests.Activations;

    [GoldenTheory("models/index.json")]
    [MemberData(nameof(Activations))]
    public void Plans_agree(string file, string weights) => ComparePlans(file, models.Get(Goldens.PathOf(weights)));

    /// <summary>Plans on whatever device the model lies.</summary>
    internal static void ComparePlans(string file, Model model)
    {
        GoldenReference reference = GoldenModelTests.Find(file);
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        string[] present = GoldenModelTests.StoredLayers(reference, stored, model);
        if (present.Length == 0)
            return; // a float64 reference of the last layers, and a file without them

        using var scope = new Scope();
        Tensor x = GoldenModelTests.Input(reference, stored, model);
        foreach (string[] wanted in new[] { present, [present[^1]] })
        {
            InferencePlan plan = model.Compile(x.Shape, wanted);
            foreach ((string layer, Tensor value) in plan.Run(x))
                ActivationAssert.Close($"{file} {layer} of a plan for {wanted.Length} layers", stored, layer, value, reference.Tolerance(layer));
        }
    }
}
