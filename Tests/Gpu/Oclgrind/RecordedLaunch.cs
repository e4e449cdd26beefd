using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>One launch as it came: the kernel, the grid and the arguments' words, as Oclgrind's <c>.sim</c> files want them.</summary>
internal sealed class RecordedLaunch : IKernelArguments
{
    private readonly StringBuilder arguments = new();

    public RecordedLaunch(DeviceKernel kernel, Index3D grid, IKernelFrame frame)
    {
        Kernel = kernel;
        Grid = grid;
        frame.Bind(this);
    }

    public DeviceKernel Kernel { get; }

    public Index3D Grid { get; }

    public long Groups => (long)Grid.X * Grid.Y * Grid.Z;

    /// <summary>Words of memory that the arguments name.</summary>
    public long Words { get; private set; }

    /// <summary>Each view becomes a buffer of exactly its length, so that every access beside it is out of bounds.</summary>
    public unsafe void View<T>(in ArrayView<T> view)
        where T : unmanaged
    {
        long words = view.Length * sizeof(T) / sizeof(int);
        if (words == 0)
            arguments.Append("<null>\n");
        else
            Append(new ReadOnlySpan<int>((void*)view.Start, checked((int)words)));
        Words += words;
        arguments.Append("<size=8 long> 0\n");
    }

    public void Value<T>(in T value)
        where T : unmanaged
    {
        Assert.Equal(0, Unsafe.SizeOf<T>() % sizeof(int));
        Append(MemoryMarshal.Cast<T, int>(MemoryMarshal.CreateReadOnlySpan(in value, 1)));
    }

    /// <summary>The whole file; the program lies beside it.</summary>
    public string Simulation(string program) => string.Create(
        CultureInfo.InvariantCulture,
        $"{program}\n{Kernel.EntryPoint}\n{Grid.X * Kernel.Group.X} {Grid.Y * Kernel.Group.Y} {Grid.Z * Kernel.Group.Z}\n{Kernel.Group.X} {Kernel.Group.Y} {Kernel.Group.Z}\n{arguments}");

    private void Append(ReadOnlySpan<int> words)
    {
        arguments.Append(CultureInfo.InvariantCulture, $"<size={words.Length * sizeof(int)} int>");
        for (int i = 0; i < words.Length; i++)
            arguments.Append(i % 16 == 0 ? '\n' : ' ').Append(words[i].ToString(CultureInfo.InvariantCulture));
        arguments.Append('\n');
    }
}
