using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// How an array's elements lie in a file and in a tensor. Keras's order is ours. Chainer's is the reverse over three runs of axes, [A, B, P] in the file and [P, B, A] in the tensor: a filter (O, I, R·S) becomes
/// [R·S, I, O], a matrix (out, in) becomes [in, out], and where the inputs are a flattened activation (out, C, H·W) becomes [H·W, C, out].
/// </summary>
/// <param name="A">The file's first axis, the tensor's last.</param>
/// <param name="B">The axis in the middle.</param>
/// <param name="P">The file's last axes together, the tensor's first.</param>
/// <param name="TurnedTaps">R·S of a filter [R, S, I, O] that the file holds turned by 180°, as Keras on Theano did; else 0.</param>
internal readonly record struct LayoutChange(int A, int B, int P, int TurnedTaps = 0)
{
    // One cache line of the destination: 16 rows of the file are gathered, then written side by side.
    private const int Rows = BlockTranspose.Line;

    // Bytes from which on handing blocks to another core pays.
    private const long Overlapping = 16 << 20;

    /// <summary>Whether the order of the axes stays.</summary>
    public bool IsNone => A == 0;

    /// <summary>Reads an array into a new tensor of the given shape. Nothing is held twice: a transposed array passes through <see cref="Rows"/> of its rows.</summary>
    /// <exception cref="FileFormatException">The array cannot be read.</exception>
    public Tensor Read(ArrayFile file, ArrayEntry entry, Device device, Shape shape)
    {
        var tensor = new Tensor(device, shape);
        try
        {
            tensor.Write((file, entry, Change: this), static (values, state) =>
            {
                if (state.Change.IsNone)
                    state.file.ReadFloats(state.entry, values);
                else
                    state.Change.ReadTransposed(state.file, state.entry, values);
                Turn(values, state.Change.TurnedTaps);
            });
        }
        catch
        {
            tensor.Release();
            throw;
        }
        return tensor;
    }

    /// <summary>The last tap first; what a tap holds stays in order.</summary>
    private static void Turn(Span<float> values, int taps)
    {
        for (int i = 0, j = taps - 1; i < j; i++, j--)
        {
            int each = values.Length / taps;
            Span<float> low = values.Slice(i * each, each), high = values.Slice(j * each, each);
            for (int k = 0; k < each; k++)
                (low[k], high[k]) = (high[k], low[k]);
        }
    }

    /// <summary>The array's elements from <paramref name="start"/> on in the file's order, taken from a tensor's values: the way back.</summary>
    public void Gather(ReadOnlySpan<float> values, long start, Span<float> piece)
    {
        if (IsNone)
        {
            values.Slice((int)start, piece.Length).CopyTo(piece);
            return;
        }
        int length = B * P;
        long end = start + piece.Length;
        int first = (int)(start / length), last = (int)((end - 1) / length);
        for (int k = 0; k < B; k++)
        {
            for (int i = 0; i < P; i++)
            {
                // One element of each row of the file: neighbours in the tensor.
                int at = (k * P) + i;
                ReadOnlySpan<float> from = values.Slice((int)((((long)i * B) + k) * A), A);
                int low = ((long)first * length) + at < start ? first + 1 : first;
                int high = ((long)last * length) + at < end ? last : last - 1;
                for (int row = low; row <= high; row++)
                    piece[(int)(((long)row * length) + at - start)] = from[row];
            }
        }
    }

    private unsafe void ReadTransposed(ArrayFile file, ArrayEntry entry, Span<float> values)
    {
        LayoutChange change = this;
        int length = B * P, block = Math.Min(Rows, A) * length;
        // Of a big array one block is read and checked while the one before is moved, where a core is free for that.
        bool overlaps = entry.Bytes >= Overlapping;
        float[] rows = new float[block], spare = overlaps ? new float[block] : [];
        fixed (float* pointer = values)
        {
            float* destination = pointer;
            int filled = 0, done = 0;
            Task moving = Task.CompletedTask;
            try
            {
                file.ReadFloatPieces(entry, (_, piece) =>
                {
                    while (piece.Length > 0)
                    {
                        int take = Math.Min(piece.Length, block - filled);
                        piece[..take].CopyTo(rows.AsSpan(filled));
                        piece = piece[take..];
                        filled += take;
                        if (filled < block && filled < (change.A - done) * length)
                            continue;
                        int count = filled / length;
                        float[] full = rows;
                        float* to = destination + done;
                        moving.Wait();
                        if (overlaps)
                        {
                            moving = Task.Run(() => change.Move(full, to, count));
                            (rows, spare) = (spare, rows);
                        }
                        else
                        {
                            change.Move(full, to, count);
                        }
                        done += count;
                        filled = 0;
                    }
                });
            }
            finally
            {
                moving.Wait(); // it writes to the pinned values
            }
        }
    }

    private unsafe void Move(float[] rows, float* destination, int count)
    {
        fixed (float* from = rows)
            BlockTranspose.Scatter(from, count, B, P, destination, A);
    }
}
