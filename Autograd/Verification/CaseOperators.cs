using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>What each operator of a case file is here.</summary>
internal static class CaseOperators
{
    private static readonly Dictionary<string, Func<OperatorCase, Variable>> Differentiable = new(StringComparer.Ordinal)
    {
        ["convolution2d"] = c => F.Convolution2D(
            c.Input("x"), c.Input("W", CaseLayout.Filter), c.OptionalInput("b", CaseLayout.AsItIs), c.Attributes.Pair("stride"), c.Attributes.Padding("pad"), c.Attributes.Pair("dilate"), c.Attributes.Whole("groups")),
        ["deconvolution2d"] = c => F.Deconvolution2D(
            c.Input("x"), c.Input("W", CaseLayout.TransposedFilter), c.OptionalInput("b", CaseLayout.AsItIs), c.Attributes.Pair("stride"), c.Attributes.Padding("pad"), c.Attributes.Pair("dilate"), c.Attributes.Whole("groups"),
            c.Attributes.PairOrNull("outsize")),
        ["max_pooling2d"] = c => F.MaxPooling2D(c.Input("x"), c.Attributes.Pair("ksize"), c.Attributes.Pair("stride"), c.Attributes.Padding("pad"), c.Attributes.Truth("cover_all")),
        ["average_pooling2d"] = c => F.AveragePooling2D(c.Input("x"), c.Attributes.Pair("ksize"), c.Attributes.Pair("stride"), c.Attributes.Padding("pad"), c.Attributes.Truth("count_include_pad")),
        ["global_average_pooling2d"] = GlobalAveragePooling,
        ["upsample_nearest2d"] = c => F.UpsampleNearest2D(c.Input("x"), c.Attributes.Pair("scale")),
        ["unpooling2d"] = c => F.Unpooling2D(c.Input("x"), c.Attributes.Pair("ksize"), c.Attributes.Pair("stride"), c.Attributes.Padding("pad"), c.Attributes.Truth("cover_all")),
        ["resize_bilinear2d"] = c => F.ResizeBilinear2D(c.Input("x"), c.Attributes.Pair("size"), c.Attributes.Truth("align_corners")),
        ["local_response_normalization"] = c => F.LocalResponseNormalization(
            c.Input("x"), c.Attributes.Whole("n"), (float)c.Attributes.Number("k"), (float)c.Attributes.Number("alpha"), (float)c.Attributes.Number("beta")),
        ["linear"] = Linear,
        ["relu"] = c => F.Relu(c.Input("x")),
        ["leaky_relu"] = c => F.LeakyRelu(c.Input("x"), (float)c.Attributes.Number("slope")),
        ["sigmoid"] = c => F.Sigmoid(c.Input("x")),
        ["tanh"] = c => F.Tanh(c.Input("x")),
        ["softmax"] = c => F.Softmax(c.Input("x"), Axis(c)),
        ["log_softmax"] = c => F.LogSoftmax(c.Input("x"), Axis(c)),
        ["add"] = c => F.Add(c.Inputs(2)),
        ["concat"] = Concat,
        ["dropout"] = c => F.Dropout(c.Input("x"), (float)c.Attributes.Number("ratio"), c.Constant("mask")),
        ["slice"] = c => F.Slice(c.Input("x"), CaseLayouts.PerAxis(c.Attributes.Wholes("begin")), CaseLayouts.PerAxis(c.Attributes.Wholes("size"))),
        ["flatten"] = Flatten,
        ["softmax_cross_entropy"] = SoftmaxCrossEntropy,
        ["mean_squared_error"] = c => F.MeanSquaredError(c.Input("x0"), c.Input("x1")),
    };

    public static IReadOnlyCollection<string> Names { get; } = [.. Differentiable.Keys, "accuracy", "batch_normalization", "optimizer"];

    public static void Run(string op, OperatorCase c)
    {
        if (op == "accuracy")
        {
            c.Compare("y", [(float)F.Accuracy(c.Constant("x"), c.Labels("t"), c.Attributes.WholeOrNull("ignore_label"))]);
            return;
        }
        if (op == "batch_normalization")
        {
            BatchNormalization(c);
            return;
        }
        if (!Differentiable.TryGetValue(op, out Func<OperatorCase, Variable>? run))
            throw new CaseException($"'{op}' is no operator");
        using var tape = new Tape();
        c.Finish(tape, run(c));
    }

    private static int Axis(OperatorCase c) => CaseLayouts.Axis(c.Attributes.Whole("axis"), c.Array("x").Shape.Rank);

    private static Variable GlobalAveragePooling(OperatorCase c)
    {
        c.OutputLayout = CaseLayout.Pooled;
        return F.GlobalAveragePooling2D(c.Input("x"));
    }

    private static Variable Concat(OperatorCase c)
    {
        Variable[] x = c.Inputs(1);
        return F.Concat(CaseLayouts.Axis(c.Attributes.Whole("axis"), x[0].Shape.Rank), x);
    }

    /// <summary>W lies there as (out, in), the inputs in the order C, H, W: the operator's gradient goes through the same transpositions.</summary>
    private static Variable Linear(OperatorCase c)
    {
        Variable x = c.Input("x"), w = c.Input("W", CaseLayout.AsItIs);
        return F.Linear(x.Shape.Rank == 4 ? F.Transpose(x, 0, 3, 1, 2) : x, F.Transpose(w, 1, 0), c.OptionalInput("b", CaseLayout.AsItIs));
    }

    private static Variable Flatten(OperatorCase c)
    {
        Variable x = c.Input("x");
        return F.Flatten(x.Shape.Rank == 4 ? F.Transpose(x, 0, 3, 1, 2) : x);
    }

    private static Variable SoftmaxCrossEntropy(OperatorCase c) => F.SoftmaxCrossEntropy(
        c.Input("x"), c.Labels("t"), c.Attributes.WholeOrNull("ignore_label"), c.Has("class_weight") ? c.Constant("class_weight", CaseLayout.AsItIs) : null, c.Attributes.Truth("normalize"));

    private static void BatchNormalization(OperatorCase c)
    {
        var options = new BatchNormalizationOptions
        {
            Epsilon = (float)c.Attributes.Number("eps"),
            Decay = (float)c.Attributes.Number("decay"),
            UnbiasedRunningVariance = Choice(c, "running_variance", "unbiased", "biased"),
        };
        using var tape = new Tape(Choice(c, "mode", "train", "infer"));
        Tensor mean = c.Constant("mean", CaseLayout.AsItIs), variance = c.Constant("var", CaseLayout.AsItIs);
        Variable y = F.BatchNormalization(c.Input("x"), c.Input("gamma", CaseLayout.AsItIs), c.Input("beta", CaseLayout.AsItIs), mean, variance, options);
        c.Compare("mean_after", mean);
        c.Compare("var_after", variance);
        c.Finish(tape, y);
    }

    private static bool Choice(OperatorCase c, string name, string yes, string no) =>
        c.Attributes.Text(name) is { } text && (text == yes || (text == no ? false : throw new CaseException($"attribute '{name}' is '{yes}' or '{no}'; got '{text}'")));
}
