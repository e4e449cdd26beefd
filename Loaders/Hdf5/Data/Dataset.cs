using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>A dataset as its object header describes it, and what speaks against reading it.</summary>
internal sealed record Dataset(Datatype Type, Dataspace Space, DataLayout Layout, Filter[] Filters, byte[] FillValue)
{
    /// <summary>A chunk is unpacked in one piece.</summary>
    private const long LargestChunk = int.MaxValue / 2;

    /// <summary>Why it is refused, or null.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Bytes of all elements, saturating.</summary>
    public long Bytes => Space.Count > long.MaxValue / Type.Element.Size ? long.MaxValue : Space.Count * Type.Element.Size;

    /// <summary>How the data lies, in words: contiguous, compact, chunked with its filters, virtual.</summary>
    public string Storage => Layout switch
    {
        DataLayout.Compact => "compact",
        DataLayout.Contiguous => "contiguous",
        DataLayout.Chunked => string.Join(' ', Filters.Reverse().Select(f => f.Name).Prepend("chunked")),
        _ => "virtual",
    };

    /// <summary>Reads the header messages of a dataset; damage throws, what is merely not supported ends up in
    /// <see cref="Refusal"/>.</summary>
    /// <param name="access">The file.</param>
    /// <param name="header">The dataset's object header.</param>
    /// <param name="limits">How far its chunks may expand.</param>
    /// <param name="saysBrainFloat">Whether an attribute declares the elements bfloat16, as Keras does, since h5py can store them only as
    /// opaque pairs of bytes (keras-team/keras#19091).</param>
    public static Dataset Read(Hdf5Access access, ObjectHeader header, ReadLimits limits, bool saysBrainFloat)
    {
        Hdf5Cursor typeBody = Open(access, header, MessageType.Datatype);
        Datatype type = Datatype.Read(ref typeBody);
        if (saysBrainFloat && type is { ClassName: "opaque", Element.Size: 2 })
        {
            type = new Datatype(new ElementType(ElementKind.BFloat, 2));
        }
        Hdf5Cursor spaceBody = Open(access, header, MessageType.Dataspace);
        Dataspace space = Dataspace.Read(ref spaceBody);
        Hdf5Cursor layoutBody = Open(access, header, MessageType.DataLayout);
        DataLayout layout = DataLayout.Read(ref layoutBody);
        Filter[] filters = [];
        if (header.Find(MessageType.FilterPipeline) is { } pipeline)
        {
            Hdf5Cursor filterBody = header.Open(access, pipeline);
            filters = FilterPipeline.Read(ref filterBody);
        }
        byte[] fill = type.Refusal is null ? Level2.FillValue.Read(access, header, type.Element.Size) : [];
        var dataset = new Dataset(type, space, layout, filters, fill);
        return dataset with { Refusal = dataset.Reason(access, header, limits) };
    }

    /// <summary>What reading the chunks needs.</summary>
    public ChunkDataset Chunks(DataLayout.Chunked chunked) =>
        new(chunked, new ChunkGrid(Space.Shape, chunked.Chunk), Space.MaxShape, Filters, Type.Element.Size);

    private static Hdf5Cursor Open(Hdf5Access access, ObjectHeader header, MessageType type) =>
        header.Open(access, header.Find(type) ?? throw access.File.Fault(header.Address, $"a dataset must have a {type} message"));

    private string? Reason(Hdf5Access access, ObjectHeader header, ReadLimits limits)
    {
        if (header.Find(MessageType.ExternalFiles) is not null)
        {
            return "external storage: its data is in another file, which is never opened; copy it in with h5repack";
        }
        if (Layout is DataLayout.Virtual)
        {
            return "virtual dataset: its data is in other datasets; copy it into one";
        }
        return Type.Refusal ?? FilterPipeline.Refusal(Filters) ?? (Space.IsNull ? null : SizeRefusal(access, limits));
    }

    /// <summary>Nothing may claim more elements than the file can hold.</summary>
    private string? SizeRefusal(Hdf5Access access, ReadLimits limits)
    {
        long allowed = limits.ChunkBytes(access.File.Length);
        switch (Layout)
        {
            case DataLayout.Compact compact when compact.Bytes < Bytes:
                return $"{Space.Count} elements need {Bytes} bytes; {compact.Bytes} are stored";
            case DataLayout.Contiguous { Address: >= 0 } contiguous when contiguous.Bytes >= 0 && contiguous.Bytes < Bytes:
                return $"{Space.Count} elements need {Bytes} bytes; {contiguous.Bytes} are stored";
            case DataLayout.Contiguous { Address: >= 0 } contiguous when Bytes > access.File.Length - contiguous.Address:
                return $"{Bytes} bytes from {contiguous.Address} on pass the end of the file";
            case DataLayout.Contiguous { Address: < 0 } when Bytes > allowed:
                return $"{Bytes} bytes are claimed and none is stored; {allowed} are allowed, {nameof(ReadLimits)} raises that";
            case DataLayout.Chunked chunked:
                return ChunkRefusal(chunked, allowed);
            default:
                return null;
        }
    }

    private string? ChunkRefusal(DataLayout.Chunked chunked, long allowed)
    {
        if (chunked.Chunk.Length != Space.Shape.Length)
        {
            return $"chunks have {chunked.Chunk.Length} dimensions, the dataset {Space.Shape.Length}";
        }
        if (chunked.ElementSize != Type.Element.Size)
        {
            return $"elements have {Type.Element.Size} bytes, those of the chunks {chunked.ElementSize}";
        }
        if (ArrayEntry.Product(chunked.Chunk) > LargestChunk / Type.Element.Size)
        {
            return $"a chunk of [{string.Join(',', chunked.Chunk)}] elements is beyond the {LargestChunk} bytes that are read in one piece";
        }
        return Bytes > allowed
            ? $"{Bytes} bytes are claimed by a file of which {allowed} are allowed, {nameof(ReadLimits)}.{nameof(ReadLimits.ChunkRatio)} raises that"
            : null;
    }
}
