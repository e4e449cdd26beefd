using System.Buffers.Binary;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>Elements of a dataset that is not refused.</summary>
internal static unsafe class DatasetReader
{
    /// <summary>What messages call elements that lie in one piece.</summary>
    public const string Data = "data in one piece";

    /// <summary>Where in the file the elements begin when they lie in one piece in C order, else −1.</summary>
    /// <exception cref="FileFormatException">They lie outside the file.</exception>
    public static long Locate(Hdf5Access access, Dataset dataset)
    {
        long address = dataset.Layout switch
        {
            DataLayout.Compact compact => compact.Address,
            DataLayout.Contiguous { Address: >= 0 } contiguous => contiguous.Address,
            _ => -1,
        };
        if (address >= 0)
        {
            access.File.Pointer(address, dataset.Bytes, Data);
        }
        return address;
    }

    /// <summary>Writes all elements in C order.</summary>
    public static void Fill(Hdf5Access access, Dataset dataset, ReadLimits limits, byte* destination)
    {
        if (dataset.Bytes == 0)
        {
            return;
        }
        long start = Locate(access, dataset);
        if (start >= 0)
        {
            access.File.Copy(start, dataset.Bytes, destination, Data);
        }
        else if (dataset.Layout is DataLayout.Chunked chunked)
        {
            ChunkedData.Fill(access, dataset.Chunks(chunked), dataset.FillValue, limits, destination);
        }
        else
        {
            ChunkedData.FillWith(dataset.FillValue, dataset.Space.Count, dataset.Type.Element.Size, destination);
        }
    }

    /// <summary>One text of fixed length without its padding.</summary>
    public static string DecodeFixed(ReadOnlySpan<byte> element, TextPadding padding)
    {
        switch (padding)
        {
            case TextPadding.NullTerminated:
                int end = element.IndexOf((byte)0);
                return ArrayFile.DecodeBytes(end < 0 ? element : element[..end]);
            case TextPadding.SpacePadded:
                return ArrayFile.DecodeBytes(element.TrimEnd((byte)' '));
            default:
                return ArrayFile.DecodeBytes(element.TrimEnd((byte)0));
        }
    }

    /// <summary>Stands for the offset of bytes that were unpacked and have none in the file.</summary>
    private const long Nowhere = long.MinValue / 2;

    /// <summary>Texts behind references of the form length, heap address, index. Equal references give one string; the budget bounds what
    /// different ones may add up to.</summary>
    public static void ReadTexts(Hdf5Access access, ReadOnlySpan<byte> references, Span<string> texts)
    {
        int size = 8 + access.Superblock.OffsetSize;
        var known = new Dictionary<(long Address, int Index, long Length), string>();
        for (int i = 0; i < texts.Length; i++)
        {
            var cursor = new Hdf5Cursor(access, references.Slice(i * size, size), Nowhere, "text reference");
            long length = cursor.U32();
            if (length == 0)
            {
                texts[i] = "";
                continue;
            }
            var key = (Address: cursor.Offset(), Index: BinaryPrimitives.ReadInt32LittleEndian(cursor.Bytes(4)), Length: length);
            if (!known.TryGetValue(key, out string? text))
            {
                cursor.Require(key.Address >= 0, "a text has no address");
                ReadOnlySpan<byte> bytes = access.GlobalHeapAt(key.Address).Object(access, key.Index, length);
                access.Spend(key.Address, length);
                text = ArrayFile.DecodeBytes(bytes.TrimEnd((byte)0));
                known.Add(key, text);
            }
            texts[i] = text;
        }
    }
}
