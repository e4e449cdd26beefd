using Microsoft.CodeAnalysis;

namespace NativeFree.Tests.Gpu;

/// <summary>Structs and methods that name what OpenCL C has in their place: written as the form says, neither declared nor translated, and still run as C# by the emulator.</summary>
public sealed class OpenClFormTests
{
    private const string Source = """
        using ILGPU;
        using NativeFree.Gpu;

        [OpenClForm("float2")]
        internal struct Pair
        {
            public float A, B;

            [OpenClForm("vload2(0, {0} + {1})")]
            public static Pair Load(ArrayView<float> view, long at) => new() { A = view[at], B = view[at + 1] };

            [OpenClForm("{0} + {1}")]
            public static Pair Add(Pair a, Pair b) => new() { A = a.A + b.A, B = a.B + b.B };

            [OpenClForm("vstore2({2}, 0, {0} + {1})")]
            public static void Store(ArrayView<float> view, long at, Pair pair)
            {
                view[at] = pair.A;
                view[at + 1] = pair.B;
            }
        }

        internal static class PairKernels
        {
            [Kernel(1)]
            internal static void Sum(ArrayView<float> x, ArrayView<float> y, int i)
            {
                Pair pair = Pair.Load(x, 2 * i);
                Pair.Store(y, 2 * i, Pair.Add(pair, Pair.Load(x, i + 1)));
            }
        }
        """;

    [Fact]
    public void A_form_stands_in_place_of_type_and_call()
    {
        (System.Collections.Immutable.ImmutableArray<Diagnostic> diagnostics, GeneratorDriverRunResult result, Compilation output) = KernelCompilation.Run(Source);
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        string launcher = string.Concat(result.GeneratedTrees.Select(static tree => tree.ToString()));
        Assert.Contains("float2 pair = (vload2(0, x + ((long)(2 * i))));", launcher, StringComparison.Ordinal);
        Assert.Contains("(vstore2((pair + (vload2(0, x + ((long)(i + 1))))), 0, y + ((long)(2 * i))));", launcher, StringComparison.Ordinal);
        Assert.DoesNotContain("} float2;", launcher, StringComparison.Ordinal);
        Assert.DoesNotContain("static inline float2", launcher, StringComparison.Ordinal);
        // The emulator's C# has the helpers.
        Assert.Contains("Pair_Load<TMonitor>(", launcher, StringComparison.Ordinal);
    }
}
