using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NativeFree.Tests.Gpu;

/// <summary>Launchers have one signature over our runtime and over ILGPU's, and what is generated compiles in both builds.</summary>
public sealed class LauncherTests
{
    private const string Kernel = """
        using ILGPU;
        using NativeFree.Gpu;
        namespace House;
        internal interface IOp { static abstract float Value(float x); }
        internal readonly struct Plus : IOp { public static float Value(float x) => x + 1; }
        internal readonly record struct Sizes(int N);
        internal static class ThingKernels
        {
            [Kernel(8)] internal static void Copy(ArrayView<float> x, ArrayView<float> @out, Sizes group) { if (Group.IdxX < group.N) @out[Group.IdxX] = x[Group.IdxX]; }
            [Kernel(4, 2), Specialize(typeof(Plus))] internal static void Map<TOp>(ArrayView<float> x) where TOp : struct, IOp => x[Group.LinearIndex] = TOp.Value(x[Group.LinearIndex]);
        }

        """;

    // What the launchers use of ILGPU and our subset leaves out, in ILGPU's own signatures.
    private const string Ilgpu = """
        namespace ILGPU
        {
            public readonly struct KernelConfig(Index3D grid, Index3D group) { public Index3D Grid { get; } = grid; public Index3D Group { get; } = group; }
        }
        namespace ILGPU.Runtime
        {
            public static class KernelLoaders
            {
                public static System.Action<AcceleratorStream, KernelConfig, T1> LoadKernel<T1>(this Accelerator accelerator, System.Action<T1> action) where T1 : struct => null!;
                public static System.Action<AcceleratorStream, KernelConfig, T1, T2, T3> LoadKernel<T1, T2, T3>(this Accelerator accelerator, System.Action<T1, T2, T3> action)
                    where T1 : struct where T2 : struct where T3 : struct => null!;
            }
        }
        """;

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_generated_compiles_in_both_builds(bool ilgpu)
    {
        (ImmutableArray<Diagnostic> diagnostics, GeneratorDriverRunResult result, Compilation output) = KernelCompilation.Run(ilgpu ? Ilgpu + Kernel.Replace("using ILGPU;\nusing NativeFree.Gpu;\nnamespace House;", "namespace House { using ILGPU; using NativeFree.Gpu;", StringComparison.Ordinal) + "}" : Kernel, ilgpu ? ["ILGPU"] : []);
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        string all = string.Concat(result.GeneratedTrees.Select(static tree => tree.ToString()));
        Assert.Contains("public static void Copy(global::ILGPU.Runtime.AcceleratorStream stream, global::ILGPU.Index3D grid, global::ILGPU.ArrayView<float> @x, global::ILGPU.ArrayView<float> @out, global::House.Sizes @group)", all, StringComparison.Ordinal);
        Assert.Contains("public static void Map<TOp>(global::ILGPU.Runtime.AcceleratorStream stream, global::ILGPU.Index3D grid, global::ILGPU.ArrayView<float> @x) where TOp : struct, global::House.IOp", all, StringComparison.Ordinal);
        // The text to be read and compiled offline is there in both; the frames, which bind and emulate, in ours alone.
        Assert.Contains("kernel __attribute__", all, StringComparison.Ordinal);
        Assert.Equal(ilgpu, !all.Contains("IKernelFrame", StringComparison.Ordinal));
        Assert.Equal(ilgpu, all.Contains("KernelLoaders.LoadKernel<global::ILGPU.ArrayView<float>>(target, global::House.ThingKernels.Map<TOp>)", StringComparison.Ordinal));
    }

    [Fact]
    public void An_edit_elsewhere_leaves_the_generated_text_alone()
    {
        (_, GeneratorDriverRunResult first, _) = KernelCompilation.Run(Kernel);
        (_, GeneratorDriverRunResult second, _) = KernelCompilation.Run(Kernel + "internal static class Elsewhere { public const int Value = 3; }");
        Assert.Equal(first.GeneratedTrees.Select(static tree => tree.ToString()), second.GeneratedTrees.Select(static tree => tree.ToString()));
    }
}
