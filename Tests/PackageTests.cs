using System.Reflection;
using System.Runtime.InteropServices;

namespace NativeFree.Tests;

/// <summary>What a stranger's publish relies on: every library says that it may be trimmed, which switches its analyzers on and makes their
/// warnings errors here.</summary>
public sealed class PackageTests
{
    [Theory]
    [InlineData("NativeFree.Ilgpu.Subset")]
    [InlineData("NativeFree.Kernels")]
    [InlineData("NativeFree.Autograd")]
    [InlineData("NativeFree.Layers")]
    [InlineData("NativeFree.Models")]
    [InlineData("NativeFree.Loaders")]
    [InlineData("NativeFree.Training")]
    public void Every_library_may_be_trimmed_and_compiled_ahead(string library)
    {
        var metadata = Assembly.Load(library).GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToLookup(item => item.Key, item => item.Value);
        Assert.Equal(["True"], metadata["IsTrimmable"]);
        Assert.Equal(["True"], metadata["IsAotCompatible"]);
    }

    /// <summary>The engine is managed code: what is imported at all comes from the operating system (advice about pages of memory).</summary>
    [Theory]
    [InlineData("NativeFree.Kernels")]
    [InlineData("NativeFree.Autograd")]
    [InlineData("NativeFree.Layers")]
    [InlineData("NativeFree.Models")]
    [InlineData("NativeFree.Loaders")]
    [InlineData("NativeFree.Training")]
    public void No_library_imports_from_another_than_the_system(string library)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<string?> imported = Assembly.Load(library).GetTypes().SelectMany(type => type.GetMethods(Any))
            .Select(method => method.GetCustomAttribute<DllImportAttribute>()?.Value).OfType<string>();
        Assert.Empty(imported.Except(["libc"]));
    }
}
