using BenchmarkDotNet.Running;
using NativeFree.Benchmarks.Suites;

// dotnet run -c Release --project Benchmarks/Suites -- --filter '*Convolution*'
BenchmarkSwitcher.FromAssembly(typeof(Configuration).Assembly).Run(args, new Configuration());
