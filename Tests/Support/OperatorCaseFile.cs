using System.Text;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>An operator case of the goldens, read by the tests' own reader.</summary>
internal sealed record OperatorCaseFile(string Json, Dictionary<string, CaseArray> Arrays)
{
    internal static OperatorCaseFile Load(string npz)
    {
        string json = "";
        var arrays = new Dictionary<string, CaseArray>();
        foreach ((string name, ReferenceArray array) in ReferenceArray.LoadAll(npz))
        {
            if (name == "case")
                json = Encoding.UTF32.GetString(array.Data);
            else if (array.Type == "<i4")
                arrays.Add(name, new CaseArray(new Shape(array.Shape), array.As<int>()));
            else
                arrays.Add(name, new CaseArray(new Shape(array.Shape), array.As<float>()));
        }
        return new OperatorCaseFile(json, arrays);
    }

    internal CaseResult Run(Device device) => CaseRunner.Run(device, Json, Arrays);
}
