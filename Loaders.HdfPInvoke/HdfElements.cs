using System.Runtime.InteropServices;
using System.Text;
using HDF.PInvoke;

namespace NativeFree.Loaders;

/// <summary>The elements of a dataset or attribute in the machine's own types: float[], double[], long[], ulong[] or string[], in C
/// order.</summary>
internal sealed unsafe record HdfElements(long[] Shape, Array Values)
{
    /// <summary>Calls the library to convert and read; null for what is neither numbers nor texts, has no extents or more than 2³¹
    /// elements, or is refused by the library, as for a filter that it lacks.</summary>
    /// <param name="typeId">The type in the file; closed here.</param>
    /// <param name="spaceId">The extents; closed here.</param>
    /// <param name="read">Takes the type in memory and the destination; negative for a failure.</param>
    public static HdfElements? Read(long typeId, long spaceId, Func<long, nint, int> read)
    {
        using var type = new Handle(typeId, H5T.close);
        using var space = new Handle(spaceId, H5S.close);
        if (H5S.get_simple_extent_type(space.Id) == H5S.class_t.NULL)
            return null;
        ulong[] extents = new ulong[H5S.get_simple_extent_ndims(space.Id)];
        H5S.get_simple_extent_dims(space.Id, extents, new ulong[extents.Length]);
        long count = H5S.get_simple_extent_npoints(space.Id), size = H5T.get_size(type.Id);
        if (count * Math.Max(size, 8) > Array.MaxLength)
            return null;
        bool unsigned = size == 8 && H5T.get_sign(type.Id) == H5T.sign_t.NONE;
        Array? values = H5T.get_class(type.Id) switch
        {
            H5T.class_t.FLOAT => size <= 4 ? Numbers<float>(H5T.NATIVE_FLOAT) : Numbers<double>(H5T.NATIVE_DOUBLE),
            H5T.class_t.INTEGER or H5T.class_t.ENUM => unsigned ? Numbers<ulong>(H5T.NATIVE_UINT64) : Numbers<long>(H5T.NATIVE_INT64),
            H5T.class_t.STRING => H5T.is_variable_str(type.Id) > 0 ? VariableTexts() : FixedTexts(),
            _ => null,
        };
        return values is null ? null : new([.. extents.Select(extent => (long)extent)], values);

        T[]? Numbers<T>(long memoryType, long? length = null) where T : unmanaged
        {
            T[] values = new T[length ?? count];
            fixed (T* pointer = values)
                return count == 0 || read(memoryType, (nint)pointer) >= 0 ? values : null;
        }

        string[]? FixedTexts()
        {
            int width = (int)size;
            char padding = H5T.get_strpad(type.Id) == H5T.str_t.SPACEPAD ? ' ' : '\0';
            return Numbers<byte>(type.Id, count * size) is not { } bytes ? null :
                [.. Enumerable.Range(0, (int)count).Select(i => Encoding.UTF8.GetString(bytes.AsSpan(i * width, width)).TrimEnd(padding))];
        }

        string[]? VariableTexts()
        {
            nint[] texts = new nint[count];
            fixed (nint* pointer = texts)
            {
                if (count > 0 && read(type.Id, (nint)pointer) < 0)
                    return null;
                string[] result = [.. texts.Select(text => Marshal.PtrToStringUTF8(text) ?? "")];
                H5D.vlen_reclaim(type.Id, space.Id, H5P.DEFAULT, (nint)pointer);
                return result;
            }
        }
    }

    public NamedArray Named(string name) => Values switch
    {
        float[] values => NamedArray.Of<float>(name, Shape, values),
        double[] values => NamedArray.Of<double>(name, Shape, values),
        // To the runtime an array of ulong is one of long too.
        ulong[] values when values.GetType() == typeof(ulong[]) => NamedArray.Of<ulong>(name, Shape, values),
        long[] values => NamedArray.Of<long>(name, Shape, values),
        _ => NamedArray.Texts(name, Shape, (string[])Values),
    };

    /// <returns>False for kinds of attributes that weight files do not have.</returns>
    public bool SetAttribute(Hdf5Writer writer, string path, string name)
    {
        switch (Values)
        {
            case string[] { Length: 1 } texts when Shape.Length == 0:
                writer.SetAttribute(path, name, texts[0], TextStorage.Variable);
                return true;
            case string[] texts when Shape.Length == 1:
                writer.SetAttribute(path, name, texts, TextStorage.Variable);
                return true;
            case { Length: 0 } when Shape.Length == 1:
                writer.SetAttribute(path, name, []); // how h5py stores an empty list of names
                return true;
            case long[] { Length: 1 } number when Shape.Length == 0:
                writer.SetAttribute(path, name, number[0]);
                return true;
            case double[] { Length: 1 } number when Shape.Length == 0:
                writer.SetAttribute(path, name, number[0]);
                return true;
            case float[] { Length: 1 } number when Shape.Length == 0:
                writer.SetAttribute(path, name, number[0]);
                return true;
            default:
                return false;
        }
    }
}
