using System.CommandLine;
using NativeFree.Cli;

var root = new RootCommand("NativeFree: deep learning in managed code.");
root.Subcommands.Add(BenchCommand.Create());
return await root.Parse(args).InvokeAsync();
