namespace NativeFree.Benchmarks;

/// <summary>What <see cref="StartupBenchmark"/> starts.</summary>
/// <param name="Program">The program and the arguments before <c>classify</c>: an executable alone, or <c>dotnet</c> and a dll.</param>
/// <param name="Weights">A weight file; one wrapped in gzip is unpacked first, so that unpacking is not measured.</param>
/// <param name="Picture">A JPEG or PNG.</param>
public sealed record StartupOptions(IReadOnlyList<string> Program, string Weights, string Picture);
