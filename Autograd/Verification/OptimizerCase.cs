using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Optimizer cases: parameters p0, p1, … and their gradients g0, g1, … [steps, …], one row an update; the values after some updates are stored as p0_after5. A starting velocity v0 and its values v0_after1 may be there; p0_float32, another
/// program's own float32 path, is for readers.
/// </summary>
internal static class OptimizerCase
{
    public static void Run(OperatorCase c)
    {
        using var scope = new Scope();
        var parameters = new List<Parameter>();
        while (parameters.Count == 0 || c.Has($"p{parameters.Count}"))
        {
            string name = $"p{parameters.Count}";
            parameters.Add(new Parameter(name, c.Constant(name, CaseLayout.AsItIs)));
            if (c.Has(name + "_float32"))
                c.Array(name + "_float32");
        }
        Optimizer optimizer = Create(c.Attributes, parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (c.Has($"v{i}"))
                optimizer.Restore(parameters[i], 0, [c.Array($"v{i}").Values]);
        }
        int steps = c.Array("g0").Shape[0];
        for (int step = 1; step <= steps; step++)
        {
            for (int i = 0; i < parameters.Count; i++)
                parameters[i].Gradient = Row(c, $"g{i}", step - 1, parameters[i].Shape);
            optimizer.Update();
            for (int i = 0; i < parameters.Count; i++)
            {
                CompareAfter(c, $"p{i}", step, parameters[i].Value);
                if (c.Has($"v{i}"))
                    CompareAfter(c, $"v{i}", step, optimizer.StateOf(parameters[i]).Tensors[0]);
            }
        }
    }

    private static void CompareAfter(OperatorCase c, string name, int step, Tensor value)
    {
        string stored = name + "_after" + step.ToString(CultureInfo.InvariantCulture);
        if (c.Has(stored))
            c.Compare(stored, value);
    }

    private static Tensor Row(OperatorCase c, string name, int row, Shape shape)
    {
        CaseArray gradients = c.Array(name);
        if (gradients.Shape.Rank < 1 || gradients.Shape[0] <= row || gradients.Shape.CountFrom(1) != shape.Count)
            throw new CaseException($"'{name}' has a row of {shape} a step; it is {gradients.Shape}");
        return Scope.Detach(Tensor.From(c.Device, shape, gradients.Values.AsSpan((int)(row * shape.Count), (int)shape.Count)));
    }

    private static Optimizer Create(CaseAttributes a, List<Parameter> parameters)
    {
        if (a.Has("flavour"))
            _ = a.Text("flavour");
        double rate = a.Number("lr");
        string rule = a.Text("rule");
        Optimizer optimizer = rule switch
        {
            "sgd" => Sgd(a, parameters, rate),
            "adam" => new Adam(parameters, rate, Options(a)),
            "adabound" => new AdaBound(parameters, rate, Options(a), a.Number("final_lr"), a.Number("gamma")),
            "adamw" or "adam_torch" => new AdamW(parameters, rate, a.Number("weight_decay", 0), a.Number("beta1"), a.Number("beta2"), a.Number("eps"), a.Truth("amsgrad", false)),
            _ => throw new CaseException($"'{rule}' is no rule"),
        };
        foreach (CaseAttributes hook in a.Objects("hooks"))
            optimizer.Hooks.Add(Hook(hook));
        return optimizer;
    }

    private static Optimizer Sgd(CaseAttributes a, List<Parameter> parameters, double rate)
    {
        float momentum = (float)a.Number("momentum", 0);
        bool nesterov = a.Truth("nesterov", false);
        return momentum == 0 && !nesterov ? new Sgd(parameters, rate) : new MomentumSgd(parameters, rate, momentum, nesterov);
    }

    private static AdamOptions Options(CaseAttributes a) => new()
    {
        Beta1 = a.Number("beta1"),
        Beta2 = a.Number("beta2"),
        Epsilon = a.Number("eps"),
        Eta = a.Number("eta", 1),
        WeightDecayRate = a.Number("weight_decay_rate", 0),
        AmsGrad = a.Truth("amsgrad", false),
    };

    private static GradientHook Hook(CaseAttributes hook)
    {
        string name = hook.Text("name");
        GradientHook made = name switch
        {
            "weight_decay" => new WeightDecay((float)hook.Number("rate")),
            "gradient_clipping" => new GradientNormClipping(hook.Number("threshold")),
            _ => throw new CaseException($"'{name}' is no hook"),
        };
        hook.RequireAllKnown(name);
        return made;
    }
}
