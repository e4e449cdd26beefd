using NativeFree.Benchmarks;

namespace NativeFree.Tests.Gpu;

/// <summary>A test that needs clang 16 and libclc; without them it is skipped, and says so.</summary>
public sealed class ClangFactAttribute : FactAttribute
{
    public ClangFactAttribute() => Skip = OfflineCompiler.Absence;
}
