using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Loaders;

/// <summary>
/// CRC-32 of zip, gzip and PNG: polynomial 0xEDB88320 (reflected 0x04C11DB7), initial value and final xor 0xFFFFFFFF.
/// Long runs are folded 64 bytes at a time with carry-less multiplication where the processor has it (Gopal et al., "Fast CRC computation …
/// using PCLMULQDQ", Intel 2009), the rest goes eight bytes a step through tables.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = BuildTable();

    /// <summary>The checksum of <paramref name="bytes"/>, or of earlier bytes and these when their checksum is given as
    /// <paramref name="before"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        if (Pclmulqdq.IsSupported && bytes.Length >= 128)
        {
            int whole = bytes.Length & ~63;
            crc = Fold(crc, bytes[..whole]);
            bytes = bytes[whole..];
        }
        return ~Tabled(crc, bytes);
    }

    /// <summary>Eight bytes a step: table k advances a byte by k further zero bytes.</summary>
    internal static uint Tabled(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        while (bytes.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[0x700 + (int)(low & 0xFF)] ^ table[0x600 + (int)((low >> 8) & 0xFF)]
                ^ table[0x500 + (int)((low >> 16) & 0xFF)] ^ table[0x400 + (int)(low >> 24)]
                ^ table[0x300 + (int)(high & 0xFF)] ^ table[0x200 + (int)((high >> 8) & 0xFF)]
                ^ table[0x100 + (int)((high >> 16) & 0xFF)] ^ table[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (byte b in bytes)
        {
            crc = table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }
        return crc;
    }

    /// <summary>Folds a multiple of 64 bytes, at least 64, to 16 that leave the same remainder; the tables finish those.</summary>
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        // x^(512±32) and x^(128±32) mod P, reflected, from the paper's table for this polynomial.
        Vector128<ulong> by64 = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
        Vector128<ulong> by16 = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);
        ref ulong at = ref Unsafe.As<byte, ulong>(ref MemoryMarshal.GetReference(bytes));
        Vector128<ulong> a = Vector128.LoadUnsafe(ref at) ^ Vector128.Create((ulong)crc, 0);
        Vector128<ulong> b = Vector128.LoadUnsafe(ref at, 2);
        Vector128<ulong> c = Vector128.LoadUnsafe(ref at, 4);
        Vector128<ulong> d = Vector128.LoadUnsafe(ref at, 6);
        nuint words = (nuint)bytes.Length / 8;
        for (nuint i = 8; i < words; i += 8)
        {
            a = Step(a, by64) ^ Vector128.LoadUnsafe(ref at, i);
            b = Step(b, by64) ^ Vector128.LoadUnsafe(ref at, i + 2);
            c = Step(c, by64) ^ Vector128.LoadUnsafe(ref at, i + 4);
            d = Step(d, by64) ^ Vector128.LoadUnsafe(ref at, i + 6);
        }
        b ^= Step(a, by16);
        c ^= Step(b, by16);
        d ^= Step(c, by16);
        Span<byte> rest = stackalloc byte[16];
        d.AsByte().CopyTo(rest);
        return Tabled(0, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Step(Vector128<ulong> value, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(value, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, constants, 0x11);

    private static uint[] BuildTable()
    {
        uint[] table = new uint[8 * 256];
        for (int i = 0; i < 256; i++)
        {
            uint crc = (uint)i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
            table[i] = crc;
        }
        for (int i = 256; i < table.Length; i++)
        {
            table[i] = (table[i - 256] >> 8) ^ table[table[i - 256] & 0xFF];
        }
        return table;
    }
}
