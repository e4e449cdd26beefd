using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>One case while it runs: hands out inputs and attributes, and remembers which results are to be compared. Whatever it holds must be asked for.</summary>
internal sealed class OperatorCase(Device device, CaseAttributes attributes, IReadOnlyDictionary<string, CaseArray> arrays, IReadOnlyDictionary<string, double> tolerances)
{
    private readonly HashSet<string> used = [];
    private readonly List<(string Name, Variable Variable, CaseLayout Layout)> inputs = [];
    private readonly List<ArrayError> errors = [];

    public Device Device { get; } = device;

    public CaseAttributes Attributes { get; } = attributes;

    public IReadOnlyList<ArrayError> Errors => errors;

    /// <summary>Whether the case stores an upstream gradient.</summary>
    public bool HasGradient => arrays.ContainsKey("gy");

    /// <summary>How y lies in the file.</summary>
    public CaseLayout OutputLayout { get; set; } = CaseLayout.Activation;

    public bool Has(string name) => arrays.ContainsKey(name);

    public CaseArray Array(string name)
    {
        used.Add(name);
        return arrays.TryGetValue(name, out CaseArray? array) ? array : throw new CaseException($"array '{name}' is missing");
    }

    /// <summary>An input whose gradient, if stored, is compared.</summary>
    public Variable Input(string name, CaseLayout layout = CaseLayout.Activation)
    {
        var variable = new Variable(CaseLayouts.Read(Device, Array(name), layout), requiresGradient: HasGradient);
        inputs.Add((name, variable, layout));
        return variable;
    }

    /// <summary>x0, x1, …</summary>
    public Variable[] Inputs(int atLeast)
    {
        var found = new List<Variable>();
        while (found.Count < atLeast || Has($"x{found.Count}"))
            found.Add(Input($"x{found.Count}"));
        return [.. found];
    }

    public Variable? OptionalInput(string name, CaseLayout layout) => Has(name) ? Input(name, layout) : null;

    /// <summary>An array that is no input of the gradient.</summary>
    public Tensor Constant(string name, CaseLayout layout = CaseLayout.Activation) => CaseLayouts.Read(Device, Array(name), layout);

    public Labels Labels(string name) => new(Array(name).Shape, Array(name).Labels);

    /// <summary>Compares what came out with the stored array of that name.</summary>
    public void Compare(string name, Tensor value, CaseLayout layout = CaseLayout.AsItIs)
    {
        CaseArray stored = Array(name);
        Compare(name, CaseLayouts.Write(value, stored.Shape, layout));
    }

    /// <summary>Compares what came out, in the order of the file.</summary>
    public void Compare(string name, float[] value)
    {
        float[] stored = Array(name).Values;
        if (value.Length != stored.Length)
            throw new CaseException($"'{name}' holds {stored.Length} values; {value.Length} came out");
        double largest = 0, worst = 0;
        for (int i = 0; i < stored.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)stored[i]));
            double difference = value[i] == stored[i] ? 0 : Math.Abs((double)value[i] - stored[i]);
            if (!(difference <= worst))
                worst = double.IsNaN(worst) ? worst : difference;
        }
        double tolerance = tolerances.TryGetValue(name, out double allowed) ? allowed : throw new CaseException($"'{name}' has no tolerance");
        errors.Add(new ArrayError(name, largest == 0 ? worst : worst / largest, tolerance));
    }

    /// <summary>Compares y, walks the tape with the stored gy and compares the gradients of all inputs.</summary>
    public void Finish(Tape tape, Variable y)
    {
        Compare("y", y.Value, OutputLayout);
        if (!HasGradient)
            return;
        tape.Backward(y, CaseLayouts.Read(Device, Array("gy"), OutputLayout));
        foreach ((string name, Variable variable, CaseLayout layout) in inputs)
            Compare("g" + name, variable.Gradient ?? throw new CaseException($"no gradient of '{name}' came out"), layout);
    }

    public void RequireAllUsed(string op)
    {
        foreach (string name in arrays.Keys)
        {
            if (!used.Contains(name))
                throw new CaseException($"{op} has no array '{name}'");
        }
    }
}
