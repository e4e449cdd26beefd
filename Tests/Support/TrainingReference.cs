using System.Text;
using System.Text.Json;

namespace NativeFree.Tests;

/// <summary>One stored training run of <c>training/index.json</c>.</summary>
internal sealed record TrainingReference(string File, string Kind, JsonElement Entry)
{
    internal static IReadOnlyList<TrainingReference> All(string kind)
    {
        string index = Goldens.PathOf("training/index.json");
        if (!System.IO.File.Exists(index))
            return [];
        using JsonDocument json = JsonDocument.Parse(System.IO.File.ReadAllText(index));
        return [.. json.RootElement.EnumerateObject().Select(item => new TrainingReference("training/" + item.Name, item.Value.GetProperty("kind").GetString()!, item.Value.Clone())).Where(item => item.Kind == kind)];
    }

    internal static TheoryData<string> Files(string kind, Func<TrainingReference, bool>? which = null) => [.. All(kind).Where(which ?? (_ => true)).Select(item => item.File)];

    /// <summary>The elements of a NumPy text array.</summary>
    internal static string[] Texts(ReferenceArray array)
    {
        int count = Math.Max(array.Shape.Aggregate(1, (a, b) => a * b), 1), width = array.Data.Length / count;
        return [.. Enumerable.Range(0, count).Select(i => Encoding.UTF32.GetString(array.Data, i * width, width).TrimEnd('\0'))];
    }

    /// <summary>Root of the mean square difference over root of the mean square of the reference.</summary>
    internal static double RelativeRms(IReadOnlyList<double> expected, IReadOnlyList<double> arrived)
    {
        Assert.Equal(expected.Count, arrived.Count);
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            difference += Math.Pow(arrived[i] - expected[i], 2);
            size += expected[i] * expected[i];
        }
        return difference == 0 ? 0 : Math.Sqrt(difference / size);
    }
}
