namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>Puts the chunks of a dataset into place.</summary>
internal static unsafe class ChunkedData
{
    /// <summary>Writes every element in C order to <paramref name="destination"/>; what no chunk covers gets the fill value (empty:
    /// zeros).</summary>
    public static void Fill(Hdf5Access access, ChunkDataset dataset, byte[] fillValue, ReadLimits limits, byte* destination)
    {
        List<StoredChunk> chunks = ChunkIndex.Read(access, dataset);
        if (chunks.Count < dataset.Grid.Count)
        {
            FillWith(fillValue, ArrayEntry.Product(dataset.Grid.Shape), dataset.ElementSize, destination);
        }
        using var decoder = new ChunkDecoder(access.File, dataset, limits);
        foreach (StoredChunk chunk in chunks)
        {
            Place(dataset, chunk.Number, decoder.Decode(chunk), destination);
        }
    }

    /// <summary>Unpacks every chunk and keeps none.</summary>
    public static void Verify(Hdf5Access access, ChunkDataset dataset, ReadLimits limits)
    {
        using var decoder = new ChunkDecoder(access.File, dataset, limits);
        foreach (StoredChunk chunk in ChunkIndex.Read(access, dataset))
        {
            decoder.Decode(chunk);
        }
    }

    /// <summary><paramref name="count"/> elements of one value.</summary>
    public static void FillWith(byte[] value, long count, int elementSize, byte* destination)
    {
        long bytes = count * elementSize;
        if (value.Length == 0)
        {
            System.Runtime.InteropServices.NativeMemory.Clear(destination, (nuint)bytes);
            return;
        }
        for (long done = 0; done < bytes; done += elementSize)
        {
            value.CopyTo(new Span<byte>(destination + done, elementSize));
        }
    }

    /// <summary>Copies the rows of a chunk that lie within the dataset.</summary>
    private static void Place(ChunkDataset dataset, long number, ReadOnlySpan<byte> chunk, byte* destination)
    {
        ChunkGrid grid = dataset.Grid;
        int last = grid.Rank - 1;
        Span<long> origin = stackalloc long[grid.Rank];
        Span<long> inside = stackalloc long[grid.Rank];
        Span<long> index = stackalloc long[grid.Rank];
        index.Clear();
        grid.Origin(number, origin);
        long rows = 1;
        for (int i = 0; i <= last; i++)
        {
            inside[i] = Math.Min(grid.Chunk[i], grid.Shape[i] - origin[i]);
            rows *= i < last ? inside[i] : 1;
        }
        int rowBytes = (int)(inside[last] * dataset.ElementSize);
        for (long row = 0; row < rows; row++)
        {
            long from = 0, to = 0;
            for (int i = 0; i <= last; i++)
            {
                from = (from * grid.Chunk[i]) + index[i];
                to = (to * grid.Shape[i]) + origin[i] + index[i];
            }
            ReadOnlySpan<byte> source = chunk.Slice((int)(from * dataset.ElementSize), rowBytes);
            source.CopyTo(new Span<byte>(destination + (to * dataset.ElementSize), rowBytes));
            for (int i = last - 1; i >= 0 && ++index[i] == inside[i]; i--)
            {
                index[i] = 0;
            }
        }
    }
}
