using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level1;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5;

/// <summary>Collects the attributes of an object: those in its header, and those in a heap when there are many or large ones.</summary>
internal static class Hdf5Attributes
{
    /// <summary>Adds to <paramref name="values"/> what can be read and to <paramref name="refused"/> what cannot.</summary>
    public static void Read(Hdf5Access access, ObjectHeader header, string path, Dictionary<string, ArrayAttribute> values,
        List<RefusedObject> refused)
    {
        foreach (HeaderMessage message in header.Messages)
        {
            if (message.Type == MessageType.Attribute)
            {
                Guarded(path, "", refused, () => Add(header.Open(access, message), path, values, refused));
            }
            else if (message.Type == MessageType.AttributeInfo)
            {
                Guarded(path, "", refused, () => ReadDense(access, header.Open(access, message), path, values, refused));
            }
        }
    }

    private static void ReadDense(Hdf5Access access, Hdf5Cursor info, string path, Dictionary<string, ArrayAttribute> values,
        List<RefusedObject> refused)
    {
        int version = info.U8();
        info.Require(version == 0, $"version must be 0; is {version}");
        info.Skip((info.U8() & 1) != 0 ? 2 : 0);
        long heapAddress = info.Offset();
        if (heapAddress < 0)
        {
            return;
        }
        FractalHeap heap = access.FractalHeapAt(heapAddress);
        BTree2.Walk(access, info.Offset(), BTree2.AttributeNames, (ref Hdf5Cursor record) =>
        {
            ReadOnlySpan<byte> id = record.Bytes(8);
            bool shared = (record.U8() & 2) != 0;
            Hdf5Cursor body = shared
                ? (access.Superblock.SharedMessages ?? throw record.Fault("it is shared, but the file shares no messages"))
                    .Open(access, MessageType.Attribute, id)
                : heap.Open(id, "attribute");
            Add(body, path, values, refused);
        });
    }

    private static void Add(Hdf5Cursor body, string path, Dictionary<string, ArrayAttribute> values, List<RefusedObject> refused)
    {
        string name = AttributeMessage.NameOf(body);
        try
        {
            AttributeMessage attribute = AttributeMessage.Read(ref body);
            if (attribute.Type.Refusal is { } reason)
            {
                refused.Add(new RefusedObject($"{path}@{name}", reason));
            }
            else if (!values.TryAdd(name, Convert(body.Access, attribute)))
            {
                refused.Add(new RefusedObject($"{path}@{name}", "two attributes have this name"));
            }
        }
        catch (FileFormatException fault)
        {
            refused.Add(new RefusedObject($"{path}@{name}", fault.Reason));
        }
    }

    private static ArrayAttribute Convert(Hdf5Access access, AttributeMessage attribute)
    {
        ElementType type = attribute.Type.Element;
        if (attribute.Space.IsNull)
        {
            return new ArrayAttribute(attribute.Name, type.Dtype, null, null);
        }
        int count = (int)attribute.Space.Count;
        Array values = type.Kind switch
        {
            ElementKind.Text => Texts(access, attribute.Data, count),
            ElementKind.FixedText => FixedTexts(attribute, count),
            ElementKind.Bool => Bools(attribute.Data),
            ElementKind.Float or ElementKind.BFloat => Doubles(type, attribute.Data, count),
            ElementKind.Unsigned when type.Size == 8 => Unsigned(type, attribute.Data, count),
            _ => Integers(type, attribute.Data, count),
        };
        object? value = attribute.Space.Shape.Length == 0 ? values.GetValue(0) : values;
        return new ArrayAttribute(attribute.Name, type.Dtype, attribute.Space.Shape, value);
    }

    private static string[] Texts(Hdf5Access access, ReadOnlySpan<byte> data, int count)
    {
        string[] texts = new string[count];
        DatasetReader.ReadTexts(access, data, texts);
        return texts;
    }

    private static string[] FixedTexts(AttributeMessage attribute, int count)
    {
        string[] texts = new string[count];
        int size = attribute.Type.Element.Size;
        for (int i = 0; i < count; i++)
        {
            texts[i] = DatasetReader.DecodeFixed(attribute.Data.Slice(i * size, size), attribute.Type.Padding);
        }
        return texts;
    }

    private static bool[] Bools(ReadOnlySpan<byte> data)
    {
        bool[] values = new bool[data.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = data[i] != 0;
        }
        return values;
    }

    private static double[] Doubles(ElementType type, ReadOnlySpan<byte> data, int count)
    {
        double[] values = new double[count];
        ElementConversion.ToDoubles(type, data, values);
        return values;
    }

    private static long[] Integers(ElementType type, ReadOnlySpan<byte> data, int count)
    {
        long[] values = new long[count];
        ElementConversion.ToInt64s(type, data, values);
        return values;
    }

    private static ulong[] Unsigned(ElementType type, ReadOnlySpan<byte> data, int count)
    {
        ulong[] values = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = type.BigEndian
                ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(data[(8 * i)..])
                : System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(data[(8 * i)..]);
        }
        return values;
    }

    private static void Guarded(string path, string name, List<RefusedObject> refused, Action read)
    {
        try
        {
            read();
        }
        catch (FileFormatException fault)
        {
            refused.Add(new RefusedObject($"{path}@{name}", fault.Reason));
        }
    }
}
