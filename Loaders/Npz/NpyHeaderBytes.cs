using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NativeFree.Loaders.Npz;

/// <summary>The npy header as NumPy writes it: version 1.0, keys in alphabetical order, spaces up to a multiple of 64 bytes, a line
/// feed.</summary>
internal static class NpyHeaderBytes
{
    public static byte[] Of(NamedArray array)
    {
        string shape = string.Join(", ", array.Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        shape += array.Shape.Count == 1 ? "," : "";
        string dict = $"{{'descr': '{array.Dtype}', 'fortran_order': False, 'shape': ({shape}), }}";
        int total = (10 + dict.Length + 1 + 63) & ~63;
        byte[] header = new byte[total];
        Container.NpySignature.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(dict, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
