using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>ILGPU's own compiler takes every kernel for sm_80, without a device. In the build over the ILGPU packages only.</summary>
public sealed class IlgpuPtxTests
{
    public static TheoryData<string> Kernels => [.. NativeFree.Kernels.KernelCatalog.All.Select(static kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ILGPU_compiles_it_to_PTX(string name)
    {
        MethodInfo method = Find(name);
        // A context that once refused a kernel is broken: each kernel has its own.
        using Context context = Context.Create(static builder => builder.CPU(CPUDeviceKind.Default).Optimize(OptimizationLevel.O2).EnableAlgorithms());
        using PTXBackend backend = new(context, new CudaCapabilityContext(CudaArchitecture.SM_80), CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null);
        KernelAttribute group = method.GetCustomAttribute<KernelAttribute>()!;
        var kernel = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), new KernelSpecialization(group.X * group.Y * group.Z, null));
        Assert.Contains(".target sm_80", kernel.PTXAssembly, StringComparison.Ordinal);
        Assert.Contains(".visible .entry", kernel.PTXAssembly, StringComparison.Ordinal);
    }

    /// <summary>The method behind <c>Class.Method</c> or <c>Class.Method&lt;Type&gt;</c>.</summary>
    private static MethodInfo Find(string name)
    {
        IEnumerable<MethodInfo> methods = typeof(NativeFree.Kernels.Device).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).Where(static method => method.GetCustomAttribute<KernelAttribute>() is not null);
        foreach (MethodInfo method in methods)
        {
            string plain = $"{method.DeclaringType!.Name}.{method.Name}";
            if (!method.IsGenericMethodDefinition && plain == name)
                return method;
            foreach (SpecializeAttribute types in method.GetCustomAttributes<SpecializeAttribute>())
            {
                if ($"{plain}<{string.Join(", ", types.Types.Select(static type => type.Name))}>" == name)
                    return method.MakeGenericMethod([.. types.Types]);
            }
        }
        throw new InvalidOperationException($"no kernel is called {name}");
    }
}
