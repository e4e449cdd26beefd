namespace NativeFree.Benchmarks;

/// <summary>
/// An ONNX model being written: nodes in order, float32 weights, one input, one output; channels first, as the format has it. Field numbers are those of onnx.proto3 (github.com/onnx/onnx), operators those of
/// operator set 13. Values are strings, the names of edges.
/// </summary>
internal sealed class OnnxModel
{
    private const int IrVersion = 7, OperatorSet = 13, Float = 1, Int64 = 7;

    private readonly List<ProtobufMessage> nodes = [], weights = [], inputs = [];
    private ProtobufMessage? output;
    private int edges;

    /// <summary>A tensor fed at each run.</summary>
    public string Input(string name, params int[] shape)
    {
        inputs.Add(ValueInfo(name, shape));
        return name;
    }

    /// <summary>The tensor that a run gives back.</summary>
    public void Output(string value, params int[] shape) => output = ValueInfo(value, shape);

    /// <summary>A constant, in C order.</summary>
    public string Weight(ReadOnlyMemory<float> values, params int[] shape)
    {
        string name = $"w{weights.Count}";
        ProtobufMessage tensor = Dims(shape).Integer(2, Float).Text(8, name).Values(9, values);
        weights.Add(tensor);
        return name;
    }

    /// <summary>A constant of 64-bit integers, one axis.</summary>
    public string Integers(params int[] values)
    {
        string name = $"w{weights.Count}";
        ProtobufMessage tensor = Dims([values.Length]).Integer(2, Int64).Text(8, name);
        foreach (int value in values)
            tensor.Integer(7, value);
        weights.Add(tensor);
        return name;
    }

    /// <summary>Adds a node.</summary>
    /// <param name="op">Operator type.</param>
    /// <param name="operands">The values it reads.</param>
    /// <param name="attributes">int, float or int[] by name.</param>
    /// <returns>The value it makes.</returns>
    public string Node(string op, string[] operands, params (string Name, object Value)[] attributes)
    {
        string result = $"v{++edges}";
        var node = new ProtobufMessage();
        foreach (string operand in operands)
            node.Text(1, operand);
        node.Text(2, result).Text(3, $"{op}_{edges}").Text(4, op);
        foreach ((string name, object value) in attributes)
            node.Nested(5, Attribute(name, value));
        nodes.Add(node);
        return result;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InvalidOperationException">No output was named.</exception>
    public void Save(string path)
    {
        if (output is null)
            throw new InvalidOperationException("OnnxModel: a model has an output; none was named; call Output first.");
        var graph = new ProtobufMessage();
        foreach (ProtobufMessage node in nodes)
            graph.Nested(1, node);
        graph.Text(2, "nativefree");
        foreach (ProtobufMessage weight in weights)
            graph.Nested(5, weight);
        foreach (ProtobufMessage input in inputs)
            graph.Nested(11, input);
        graph.Nested(12, output);
        ProtobufMessage model = new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, "NativeFree")
            .Nested(7, graph)
            .Nested(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        using FileStream file = File.Create(path);
        model.WriteTo(file);
    }

    private static ProtobufMessage Attribute(string name, object value)
    {
        const int typeField = 20, floatType = 1, intType = 2, intsType = 7;
        ProtobufMessage attribute = new ProtobufMessage().Text(1, name);
        switch (value)
        {
            case float f:
                return attribute.Float(2, f).Integer(typeField, floatType);
            case int i:
                return attribute.Integer(3, i).Integer(typeField, intType);
            case int[] ints:
                foreach (int i in ints)
                    attribute.Integer(8, i);
                return attribute.Integer(typeField, intsType);
            default:
                throw new ArgumentException($"OnnxModel: attributes are int, float or int[]; {name} is {value.GetType()}.");
        }
    }

    private static ProtobufMessage ValueInfo(string name, int[] shape)
    {
        var dims = new ProtobufMessage();
        foreach (int dim in shape)
            dims.Nested(1, new ProtobufMessage().Integer(1, dim));
        ProtobufMessage tensorType = new ProtobufMessage().Integer(1, Float).Nested(2, dims);
        return new ProtobufMessage().Text(1, name).Nested(2, new ProtobufMessage().Nested(1, tensorType));
    }

    private static ProtobufMessage Dims(int[] shape)
    {
        var tensor = new ProtobufMessage();
        foreach (int dim in shape)
            tensor.Integer(1, dim);
        return tensor;
    }
}
