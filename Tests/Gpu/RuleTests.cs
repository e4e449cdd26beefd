using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using NativeFree.KernelCompiler;

namespace NativeFree.Tests.Gpu;

/// <summary>What devices cannot do is refused at build time, with a number, at the exact place: behind the mark /*!*/ in each sample.</summary>
public sealed class RuleTests
{
    private const string Mark = "/*!*/";

    /// <summary>Number, body of the kernel, members beside it.</summary>
    public static TheoryData<string, string, string> Bodies => new()
    {
        { "NF1001", "y[0] = checked(/*!*/n + 1);", "" },
        { "NF1001", "/*!*/void Inner() { } y[0] = n;", "" },
        { "NF1001", "y[0] = /*!*/x.Length;", "" },
        { "NF1001", "/*!*/foreach (char c in Text) y[0] = c;", "const string Text = \"ab\";" },
        { "NF1001", "/*!*/switch (n) { case 1: Group.Barrier(); break; }", "" },
        { "NF1001", "y[0] = 1 + /*!*/Wait(n);", "static float Wait(int n) { Group.Barrier(); return n; }" },
        { "NF1001", "y[0] = new Shape(1).Area();", "readonly internal struct /*!*/Shape(float side) { public float Area() => side; }" },
        { "NF1001", "switch (n) { /*!*/case > 3: y[0] = 1; break; }", "" },
        { "NF1004", "Flags f = default; y[0] = f.On ? 1 : 0;", "internal struct Flags { public bool /*!*/On; }" },
        { "NF1004", "Pair p = default; y[0] = p.Get();", "internal struct Pair { private float /*!*/a; public readonly float Get() => a; public void Set() => a = 1; }" },
        { "NF1005", "if (n < 0) /*!*/throw new System.ArgumentException();", "" },
        { "NF1006", "/*!*/try { y[0] = 1; } finally { y[1] = 2; }", "" },
        { "NF1007", "y[0] = /*!*/new System.Random(n).Next();", "" },
        { "NF1007", "float[] /*!*/a = new float[4]; y[0] = a[0];", "" },
        { "NF1008", "y[0] = /*!*/F(n);", "static readonly System.Func<int, int> F = static v => v;" },
        { "NF1009", "unsafe { float* /*!*/p = stackalloc float[4]; y[0] = p[0]; }", "" },
        { "NF1009", "System.Span<float> /*!*/s = stackalloc float[4]; y[0] = s[0];", "" },
        { "NF1010", "y[0] = /*!*/typeof(int) == typeof(float) ? 1f : 0f;", "" },
        { "NF1011", "y[0] = /*!*/Count;", "static int Count = 3;" },
        { "NF1011", "/*!*/Count = 4;", "static int Count;" },
        { "NF1012", "if (Group.IdxX < 4) { /*!*/Group.Barrier(); }", "" },
        { "NF1012", "int half = Group.IdxX * 2; while (half > n) { half--; /*!*/Group.Barrier(); }", "" },
        { "NF1012", "if (Group.IdxX > n) return; /*!*/Group.Barrier();", "" },
        { "NF1012", "for (int i = 0; i < n; i++) { if (x[Group.IdxX] > 0) break; /*!*/Group.Barrier(); }", "" },
        { "NF1012", "for (int i = 0; i < n; i++) { /*!*/Group.Barrier(); if (x[Group.IdxX] > 0) continue; y[i] = 1; }", "" },
        { "NF1012", "y[Group.IdxX] = 1; if (y[0] > 0) { /*!*/Group.Barrier(); }", "" },
        { "NF1012", "var s = SharedMemory.Allocate<float>(8); s[Group.IdxX] = 1; Group.Barrier(); if (s[0] > 0) { /*!*/Group.Barrier(); }", "" },
        { "NF1012", "if (Group.IdxX < 4) { /*!*/Wait(); }", "static void Wait() { Group.Barrier(); }" },
        { "NF1012", "Wait(Group.IdxX);", "static void Wait(int a) { if (a > 1) { /*!*/Group.Barrier(); } }" },
        { "NF1012", "int c = 0; if (Group.IdxX > 2) c = 1; if (c == 0) { /*!*/Group.Barrier(); }", "" },
        { "NF1013", "var /*!*/s = SharedMemory.Allocate<float>(n); y[0] = n;", "" },
        { "NF1013", "var /*!*/s = LocalMemory.Allocate<float>(0); y[0] = n;", "" },
        { "NF1014", "y[0] = /*!*/System.MathF.FusedMultiplyAdd(1, 2, 3);", "" },
        { "NF1015", "if (n > 2) { var /*!*/s = SharedMemory.Allocate<float>(4); s[0] = 1; }", "" },
        { "NF1015", "Help();", "static void Help() { var /*!*/s = SharedMemory.Allocate<float>(4); s[0] = 1; }" },
        { "NF1015", "/*!*/LocalMemory.Allocate<float>(4)[0] = 1;", "" },
        { "NF1016", "y[0] = Fall(n);", "static int Fall(int n) => n == 0 ? 0 : /*!*/Fall(n - 1);" },
        { "NF1017", "y[0] = /*!*/System.MathF.Cbrt(n);", "" },
        { "NF1018", "y[0] = /*!*/System.MathF.Max(x[0], 0);", "" },
        { "NF1018", "y[0] = /*!*/System.Math.Clamp(n, 0, 5);", "" },
        { "NF1019", "int a = 0; /*!*/Atomic.Add(ref a, 1); y[0] = a;", "" },
        { "NF1020", "Set(ref /*!*/y[0]);", "static void Set(ref float f) => f = 1;" },
        { "NF1020", "var s = SharedMemory.Allocate<float>(4); /*!*/s = x; y[0] = s[0];", "" },
        { "NF1020", "float v = 0; Wait(ref v); y[0] = v;", "static void /*!*/Wait(ref float v) { Group.Barrier(); v = 1; }" },
        { "NF1022", "y[0] = Apply<Own>(n);", "static float Apply<T>(float v) where T : struct, IOp => /*!*/default(T).Value(v); internal interface IOp { float Value(float v) => v; } internal struct Own : IOp;" },
        { "NF1023", "for (int i = /*!*/NativeFree.Gpu.Unroll.From(0); i < n; i++) y[i] = 1;", "" },
        { "NF1023", "for (int i = /*!*/NativeFree.Gpu.Unroll.From(n); i < 4; i++) y[i] = 1;", "" },
        { "NF1023", "int i = /*!*/NativeFree.Gpu.Unroll.From(0); y[i] = 1;", "" },
        { "NF1026", "y[0] = /*!*/n > 3 ? 1 : 0;", "" },
        { "NF1026", "y[0] = x[0] * (float)(/*!*/n > 3 ? 0 : 5);", "" },
    };

    /// <summary>Number, the whole kernel with its attributes, members beside it.</summary>
    public static TheoryData<string, string, string> Declarations => new()
    {
        { "NF1002", "[Kernel(8)] internal static int /*!*/K(ArrayView<float> y) { y[0] = 1; return 0; }", "" },
        { "NF1002", "[Kernel(8)] static void /*!*/K(ArrayView<float> y) { y[0] = 1; }", "" },
        { "NF1002", "[Kernel(8)] internal static void /*!*/K(ArrayView<float> y) { y[0] = 1; }", "static void K(int n) { }" },
        { "NF1003", "[Kernel(8)] internal static void K(ArrayView<float> y, in int /*!*/n) { y[0] = n; }", "" },
        { "NF1004", "[Kernel(8)] internal static void K(ArrayView<float> y, bool /*!*/n) { y[0] = n ? 1 : 0; }", "" },
        { "NF1004", "[Kernel(8)] internal static void K(ArrayView<float> y, Both n) { y[0] = n.X; }", "internal struct Both { public ArrayView<float> /*!*/V; public int X; }" },
        { "NF1007", "[Kernel(8)] internal static void K(ArrayView<float> y, string /*!*/n) { y[0] = 1; }", "" },
        { "NF1021", "[Kernel(8)] internal static void /*!*/K<T>(ArrayView<float> y) where T : struct { y[0] = 1; }", "" },
        { "NF1021", "[Kernel(8), NativeFree.Gpu.Specialize(typeof(string))] internal static void /*!*/K<T>(ArrayView<float> y) where T : struct { y[0] = 1; }", "" },
        { "NF1024", "[Kernel(64, 32)] internal static void /*!*/K(ArrayView<float> y) { y[0] = 1; }", "" },
        { "NF1024", "[Kernel(0)] internal static void /*!*/K(ArrayView<float> y) { y[0] = 1; }", "" },
        { "NF1025", "[Kernel(8)] internal static void /*!*/K(ArrayView<float> y) { var s = SharedMemory.Allocate<float>(8193); s[0] = 1; y[0] = s[0]; }", "" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void A_body_is_refused_at_the_exact_place(string number, string body, string members) =>
        Refuses(number, $"[Kernel(8)] internal static void K(ArrayView<float> x, ArrayView<float> y, int n) {{ {body} }}", members);

    [Theory, MemberData(nameof(Declarations))]
    public void A_declaration_is_refused_at_the_exact_place(string number, string kernel, string members) => Refuses(number, kernel, members);

    private static void Refuses(string number, string kernel, string members)
    {
        string source = $$"""
            using ILGPU;
            using NativeFree.Gpu;
            static class SampleKernels { {{members}}
            {{kernel}} }
            """;
        // What follows from a mistake may be refused further on; the first is the mistake itself.
        Diagnostic found = KernelCompilation.Run(source).Diagnostics.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start).First();
        Assert.Equal(number, found.Id);
        Assert.Equal(source.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length, found.Location.SourceSpan.Start);
    }

    [Fact]
    public void A_class_that_is_nested_or_generic_holds_no_kernels()
    {
        string source = """
            using ILGPU;
            using NativeFree.Gpu;
            static class Outer { internal static class SampleKernels { [Kernel(8)] internal static void K(ArrayView<float> y) { y[0] = 1; } } }
            """;
        Assert.Equal(
            "Kernel K: the class around a kernel is neither generic nor nested; move it out",
            Assert.Single(KernelCompilation.Run(source).Diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_divergence_names_the_condition_and_what_varies()
    {
        string source = """
            using ILGPU;
            using NativeFree.Gpu;
            static class SampleKernels { [Kernel(8)] internal static void K(ArrayView<float> y) {
            int row = Group.IdxX / 2;
            if (row == 1)
                Group.Barrier();
            } }
            """;
        Assert.Equal(
            "All work-items of a group must reach this barrier, but the condition in line 5 varies within a group (Group.IdxX differs); move it out, or make the condition the same for the whole group",
            Assert.Single(KernelCompilation.Run(source).Diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_helper_that_two_kernels_call_is_reported_once()
    {
        string source = """
            using ILGPU;
            using NativeFree.Gpu;
            static class SampleKernels {
            static float Bad(float v) => System.MathF.Max(v, 0);
            [Kernel(8)] internal static void A(ArrayView<float> y) { y[0] = Bad(1); }
            [Kernel(8)] internal static void B(ArrayView<float> y) { y[0] = Bad(2); } }
            """;
        Assert.Single(KernelCompilation.Run(source).Diagnostics);
    }

    [Fact]
    public void Every_rule_has_a_sample_and_a_paragraph()
    {
        string[] numbers = [.. typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => ((DiagnosticDescriptor)field.GetValue(null)!).Id).Order(StringComparer.Ordinal)];
        string[] sampled = [.. Bodies.Concat(Declarations).Select(static row => (string)((object[])row)[0]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(numbers, sampled);
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "diagnostics.md"));
        Assert.All(numbers, number => Assert.Contains($"## {number}", page, StringComparison.Ordinal));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
