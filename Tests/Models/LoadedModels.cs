using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>
/// Tests that hold a whole network. They run one after another, since VGG16 alone takes 553 MB, and share the model loaded last.
/// </summary>
[CollectionDefinition("whole networks", DisableParallelization = true)]
public sealed class WholeNetworks : ICollectionFixture<LoadedModels>;

public sealed class LoadedModels
{
    private (string Path, Device Device, Model Model)? last;

    public Model Get(string path) => Get(path, CpuDevice.Default);

    public Model Get(string path, Device device)
    {
        if (last is { } kept && kept.Path == path && ReferenceEquals(kept.Device, device))
            return kept.Model;
        if (last is { } old)
        {
            // Its memory goes back to the pool only when nobody can reach it; the next model is as big.
            last = null;
            Release(old.Model);
        }
        last = (path, device, ModelLoader.Load(path, new LoadOptions { Device = device }));
        return last.Value.Model;
    }

    internal static void Release(Model model)
    {
        foreach (var item in model.NamedParameters())
            item.Parameter.Value.Release();
        foreach (var item in model.NamedStatistics())
            item.Statistic.Value.Release();
        model.Device.Pool.Trim();
    }
}
