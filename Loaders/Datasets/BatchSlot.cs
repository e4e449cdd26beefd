using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>Host memory that one batch is read into; used again and again.</summary>
internal sealed class BatchSlot(IDataset data, int batchSize)
{
    private readonly int inputs = checked((int)data.InputShape.Count);
    private readonly int labels = checked((int)data.LabelShape.Count);
    private readonly float[] x = new float[checked(batchSize * (int)data.InputShape.Count)];
    private readonly int[] y = new int[checked(batchSize * (int)data.LabelShape.Count)];

    /// <summary>Samples read.</summary>
    public int Rows => Names.Count;

    public List<string> Names { get; } = [];

    /// <summary>Samples left out: index and the line that says why.</summary>
    public List<(int Index, string Fault)> Faults { get; } = [];

    public ReadOnlySpan<float> X => x.AsSpan(0, Rows * inputs);

    public Labels Labels(Shape each)
    {
        int[] values = Rows == batchSize ? y : y[..(Rows * labels)];
        return new Labels(new Shape([Rows, .. each.ToArray()]), values);
    }

    public void Fill(int[] order, int epoch, int batch, BadSamples bad, CancellationToken stop)
    {
        Names.Clear();
        Faults.Clear();
        int first = batch * batchSize, end = (int)Math.Min((long)first + batchSize, order.Length);
        for (int i = first; i < end && !stop.IsCancellationRequested; i++)
        {
            int index = order[i];
            try
            {
                data.Read(index, epoch, x.AsSpan(Rows * inputs, inputs), y.AsSpan(Rows * labels, labels));
                Names.Add(data.NameOf(index));
            }
            catch (Exception e) when (bad == BadSamples.Skip && e is FileFormatException or IOException or UnauthorizedAccessException)
            {
                Faults.Add((index, e.Message));
            }
        }
    }
}
