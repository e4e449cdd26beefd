using System.Text.Json;

namespace NativeFree.Autograd;

/// <summary>The attributes of a case. Each must be asked for: one that nobody asked for is unknown, and the case fails.</summary>
internal sealed class CaseAttributes
{
    private readonly JsonElement attributes;
    private readonly HashSet<string> asked = [];

    public CaseAttributes(JsonElement attributes)
    {
        if (attributes.ValueKind != JsonValueKind.Object)
            throw new CaseException("attributes are a JSON object");
        this.attributes = attributes;
    }

    public bool Has(string name) => attributes.TryGetProperty(name, out _);

    public double Number(string name) => Get(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : throw Wrong(name, "a number");

    public double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;

    public int Whole(string name) => Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) ? number : throw Wrong(name, "a whole number");

    public int? WholeOrNull(string name) => Get(name).ValueKind == JsonValueKind.Null ? null : Whole(name);

    public bool Truth(string name) => Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    public bool Truth(string name, bool otherwise) => Has(name) ? Truth(name) : otherwise;

    public string Text(string name) => Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "text");

    public int[] Wholes(string name, int? length = null)
    {
        JsonElement value = Get(name);
        if (value.ValueKind != JsonValueKind.Array || (length is { } wanted && value.GetArrayLength() != wanted))
            throw Wrong(name, length is null ? "whole numbers" : $"{length} whole numbers");
        return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) ? number : throw Wrong(name, "whole numbers"))];
    }

    /// <summary>[y, x] or [height, width].</summary>
    public (int Y, int X) Pair(string name) => Wholes(name, 2) is [int y, int x] ? (y, x) : default;

    public (int Y, int X)? PairOrNull(string name) => Get(name).ValueKind == JsonValueKind.Null ? null : Pair(name);

    /// <summary>[top, left, bottom, right].</summary>
    public Kernels.Padding Padding(string name) => Wholes(name, 4) is [int top, int left, int bottom, int right] ? new Kernels.Padding(top, left, bottom, right) : default;

    public IEnumerable<CaseAttributes> Objects(string name)
    {
        JsonElement value = Get(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => new CaseAttributes(item)) : throw Wrong(name, "a list");
    }

    public void RequireAllKnown(string op)
    {
        foreach (JsonProperty property in attributes.EnumerateObject())
        {
            if (!asked.Contains(property.Name))
                throw new CaseException($"{op} has no attribute '{property.Name}'");
        }
    }

    private JsonElement Get(string name)
    {
        asked.Add(name);
        return attributes.TryGetProperty(name, out JsonElement value) ? value : throw new CaseException($"attribute '{name}' is missing");
    }

    private static CaseException Wrong(string name, string rule) => new($"attribute '{name}' is {rule}");
}
