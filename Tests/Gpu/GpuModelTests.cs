using NativeFree.Kernels;
using NativeFree.Models;
using NativeFree.Tests.Operators;
using Xunit.Abstractions;

namespace NativeFree.Tests.Gpu;

/// <summary>
/// Whole networks on the OpenCL devices against the original frameworks' stored activations, predictions and training runs, with the tolerances of the SIMD engine. An OpenCL driver for a CPU is slow, so each family is
/// there once by default; <c>NATIVEFREE_FULL=1</c> runs every file.
/// </summary>
[Collection("whole networks")]
public sealed class GpuModelTests(LoadedModels models, ITestOutputHelper output)
{
    private static readonly string[] DefaultActivations =
    [
        "models/chainer_googlenet_seed1__astronaut.npz", "models/chainer_resnet50_seed1__chelsea.npz", "models/resnet50_seed1__chelsea.npz", "models/unet_resnet50_seed1__chelsea.npz", "models/vgg16_imagenet_notop__chelsea.npz",
    ];

    private static readonly string[] DefaultRuns =
    [
        "training/googlenet_three_heads_calm.npz", "training/resnet50_bn_calm.npz", "training/transfer_vgg16_imagenet_seed1.npz", "training/unet_resnet50_seed1_grad1.npz", "training/unet_resnet50_seed1_train5_calm.npz",
    ];

    public static TheoryData<string, string> SomeActivations => OneEach(GoldenModelTests.Activations, DefaultActivations.Contains);

    public static TheoryData<string, string> OtherActivations => Rest(GoldenModelTests.Activations, DefaultActivations);

    public static TheoryData<string> SomeRuns => [.. Runs.Where(DefaultRuns.Contains)];

    public static TheoryData<string> OtherRuns => [.. Runs.Where(static file => !DefaultRuns.Contains(file))];

    private static IEnumerable<string> Runs =>
        [.. ((string[])["keras-unet", "keras-unet-gradient", "keras-transfer"]).SelectMany(static kind => TrainingReference.All(kind)).Select(static item => item.File), .. TrainingReference.All("chainer").Where(static item => item.Entry.GetProperty("weights").GetArrayLength() > 0).Select(static item => item.File)];

    [OpenClGoldenTheory("models/index.json")]
    [MemberData(nameof(SomeActivations))]
    public void Activations_agree(string file, string weights) => OnEach(device =>
    {
        Model model = models.Get(Goldens.PathOf(weights), device);
        GoldenModelTests.CompareActivations(file, model);
        GoldenPlanTests.ComparePlans(file, model);
    });

    [OpenClGoldenTheory("models/index.json", Full = true)]
    [MemberData(nameof(OtherActivations))]
    public void Other_activations_agree(string file, string weights) => Activations_agree(file, weights);

    [OpenClGoldenTheory("models/index.json", Full = true)]
    [MemberData(nameof(GoldenModelTests.Predictions), MemberType = typeof(GoldenModelTests))]
    public void Predictions_agree(string file, string weights) => OnEach(device => GoldenModelTests.ComparePredictions(file, models.Get(Goldens.PathOf(weights), device)));

    [OpenClGoldenTheory("training/index.json")]
    [MemberData(nameof(SomeRuns))]
    public void Training_runs_are_repeated(string file) => OnEach(device => Repeat(file, device));

    [OpenClGoldenTheory("training/index.json", Full = true)]
    [MemberData(nameof(OtherRuns))]
    public void Other_training_runs_are_repeated(string file) => OnEach(device => Repeat(file, device));

    [OpenClGoldenTheory(SmallNetReplayTests.File)]
    [InlineData(SmallNetReplayTests.File)]
    public void The_small_net_follows_chainer(string file)
    {
        Assert.NotEmpty(file);
        OnEach(device => SmallNetReplayTests.Follow(device, output));
    }

    private void Repeat(string file, GpuDevice device)
    {
        if (file.Contains("transfer", StringComparison.Ordinal))
            KerasReplayTests.Transfer(file, device, output);
        else if (file.Contains("_grad", StringComparison.Ordinal))
            KerasReplayTests.CompareFirstGradients(file, device, output);
        else if (file.Contains("unet", StringComparison.Ordinal))
            KerasReplayTests.Follow(file, device, output);
        else
            ChainerReplayTests.Follow(file, device, output);
    }

    private static void OnEach(Action<GpuDevice> test)
    {
        foreach (GpuDevice device in GpuTestDevices.OpenCl)
            test(device);
    }

    /// <summary>A reference that belongs to several weight files is compared with the first.</summary>
    private static TheoryData<string, string> OneEach(TheoryData<string, string> all, Func<string, bool> wanted)
    {
        TheoryData<string, string> some = [];
        HashSet<string> seen = [];
        foreach (object[] row in all)
        {
            if (wanted((string)row[0]) && seen.Add((string)row[0]))
                some.Add((string)row[0], (string)row[1]);
        }
        return some;
    }

    private static TheoryData<string, string> Rest(TheoryData<string, string> all, string[] without) => OneEach(all, file => !without.Contains(file));
}
