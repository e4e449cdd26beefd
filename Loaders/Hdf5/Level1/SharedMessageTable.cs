using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>The file's table of shared object header messages (III.F): for each kind of message, the fractal heap that holds those which
/// several objects have in common.</summary>
internal sealed class SharedMessageTable
{
    private readonly (int Types, long Heap)[] indexes;

    private SharedMessageTable((int Types, long Heap)[] indexes) => this.indexes = indexes;

    /// <summary>Reads the table of <paramref name="count"/> ≤ 8 indexes.</summary>
    public static SharedMessageTable Read(Hdf5Access access, long address, int count)
    {
        int offsetSize = access.Superblock.OffsetSize;
        Hdf5Cursor cursor = access.Read(address, 8 + (count * (14 + (2 * offsetSize))), "SMTB"u8, "shared message table");
        cursor.Require(count <= 8, $"at most 8 indexes; has {count}");
        var indexes = new (int, long)[count];
        for (int i = 0; i < count; i++)
        {
            cursor.Skip(2);
            int types = cursor.U16();
            cursor.Skip(10 + offsetSize);
            indexes[i] = (types, cursor.Offset());
        }
        cursor.Checksum();
        return new SharedMessageTable(indexes);
    }

    /// <summary>Opens the message of a kind that has <paramref name="id"/> in its heap.</summary>
    public Hdf5Cursor Open(Hdf5Access access, MessageType type, scoped ReadOnlySpan<byte> id)
    {
        foreach ((int types, long heap) in indexes)
        {
            if ((types & (1 << (int)type)) != 0 && heap >= 0)
            {
                return access.FractalHeapAt(heap).Open(id, $"shared {type} message");
            }
        }
        throw access.File.Fault(-1, $"no index of shared messages holds {type} messages");
    }
}
