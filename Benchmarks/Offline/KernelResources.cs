namespace NativeFree.Benchmarks;

/// <summary>What a kernel takes on a GPU, as clang compiles its OpenCL C.</summary>
/// <param name="Registers">Vector registers a work-item (amdgcn; PTX has virtual ones, so 0).</param>
/// <param name="Spilled">Bytes of scratch (amdgcn) or of .local memory (nvptx) a work-item.</param>
/// <param name="Shared">Bytes of shared memory a group.</param>
/// <param name="Occupancy">Waves that fit into a SIMD unit (amdgcn), or the most that a multiprocessor takes by threads and shared memory, registers left open (sm_80).</param>
internal sealed record KernelResources(int Registers, int Spilled, int Shared, int Occupancy);

/// <summary>A GPU that clang compiles for.</summary>
/// <param name="Name">The architecture: <c>gfx90a</c>, <c>gfx1100</c>, <c>sm_80</c>.</param>
/// <param name="Arguments">What clang is told.</param>
internal sealed record OfflineTarget(string Name, IReadOnlyList<string> Arguments);
