using System.Text;
using NativeFree.Loaders.Hdf5;
using NativeFree.Loaders.Npz;

namespace NativeFree.Loaders;

/// <summary>A <c>.keras</c> file: a zip with <c>model.weights.h5</c>, the weights, beside <c>config.json</c> and
/// <c>metadata.json</c>.</summary>
internal static unsafe class KerasArchive
{
    public const string Weights = "model.weights.h5";

    /// <summary>Some Keras versions could keep the weights in this form: NumPy's, but as pickled dictionaries.</summary>
    public const string PickledWeights = "model.weights.npz";

    /// <summary>Opens the weights inside; <paramref name="archive"/> belongs to the result from then on.</summary>
    /// <exception cref="FileFormatException">A member cannot be unpacked, or the weights are no HDF5 file.</exception>
    public static Hdf5File Open(FileBytes archive, string path, List<ZipEntry> directory, ReadLimits limits)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipEntry member in directory.Where(m => m.Name is "config.json" or "metadata.json"))
        {
            if (member.Bytes > limits.AlwaysAllowedBytes)
            {
                throw archive.Fault(member.HeaderOffset,
                    $"'{member.Name}' may have {limits.AlwaysAllowedBytes} bytes; claims {member.Bytes}");
            }
            using NativeBytes text = Unpack(archive, member, limits);
            texts.Add(member.Name, Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text.Start, (int)member.Bytes)));
        }
        FileBytes bytes = OpenWeights(archive, directory.Single(m => m.Name == Weights), $"{path}/{Weights}", limits);
        try
        {
            return Container.FindHdf5(bytes) >= 0
                ? new Hdf5File(bytes, path, limits, "keras", texts)
                : throw bytes.Fault(0, "must be an HDF5 file");
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The member's bytes: in place if stored, which only costs a pass for the checksum, else unpacked. The archive goes with the
    /// result.</summary>
    private static FileBytes OpenWeights(FileBytes archive, ZipEntry weights, string name, ReadLimits limits)
    {
        if (!weights.IsStored)
        {
            NativeBytes unpacked = Unpack(archive, weights, limits);
            archive.Dispose();
            return FileBytes.Of(unpacked, weights.Bytes, name);
        }
        FileBytes part = archive.TakePart(weights.DataOffset, weights.StoredBytes, name);
        uint crc = 0;
        byte[] buffer = new byte[Math.Min(part.Length, 1 << 18)];
        for (long at = 0; at < part.Length; at += buffer.Length)
        {
            crc = Crc32.Of(part.Piece(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, part.Length - at)), "member"), crc);
        }
        return crc == weights.Crc ? part
            : throw archive.Fault(weights.DataOffset, $"member '{weights.Name}': CRC-32 must be {weights.Crc:x8}; is {crc:x8}");
    }

    private static NativeBytes Unpack(FileBytes archive, ZipEntry entry, ReadLimits limits)
    {
        if (ZipMember.Refusal(entry, limits) is { } reason)
        {
            throw archive.Fault(entry.HeaderOffset, $"member '{entry.Name}': {reason}");
        }
        var memory = new NativeBytes(entry.Bytes);
        try
        {
            using var member = new ZipMember(archive, entry);
            member.Read(memory.Start, entry.Bytes);
            member.Finish();
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }
}
