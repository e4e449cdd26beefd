using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Sample i of epoch e holds i + e/1000 in every value and has label i mod 3; some of them can be broken, reading can take different times, or do what a test wants.</summary>
internal sealed class NumberedDataset(int count, int[]? broken = null, bool uneven = false, Action<int>? onRead = null) : IDataset
{
    private int reads;

    public int Reads => Volatile.Read(ref reads);

    public int Count => count;

    public IReadOnlyList<string> Classes { get; } = ["a", "b", "c"];

    public Shape InputShape { get; } = new(2, 3, 1);

    public Shape LabelShape { get; } = new();

    public string NameOf(int index) => $"number {index}";

    public void Read(int index, int epoch, Span<float> x, Span<int> y)
    {
        Interlocked.Increment(ref reads);
        onRead?.Invoke(index);
        if (uneven)
            Thread.Sleep(index % 5);
        if (broken?.Contains(index) == true)
            throw new FileFormatException($"number {index}", "a number must be whole; got a broken one; mend it");
        x.Fill(index + (epoch / 1000f));
        y.Fill(index % 3);
    }
}
