namespace NativeFree.Loaders.Npz;

/// <summary>A zip of npy members, as <c>numpy.savez</c> and Chainer's <c>save_npz</c> write it.</summary>
internal sealed unsafe class NpzFile : ArrayFile
{
    private const string Suffix = ".npy";
    private readonly FileBytes bytes;
    private readonly List<RefusedObject> refused = [];

    /// <summary>Lists <paramref name="directory"/>; headers are read, data is not.</summary>
    public NpzFile(FileBytes bytes, string path, List<ZipEntry> directory, ReadLimits limits)
        : base(path)
    {
        this.bytes = bytes;
        var entries = new List<ArrayEntry>(directory.Count);
        foreach (ZipEntry member in directory)
        {
            if (member.Name.EndsWith(Suffix, StringComparison.Ordinal) && member.Name.Length > Suffix.Length)
            {
                entries.Add(List(member, limits));
            }
            else if (!member.Name.EndsWith('/') || member.Bytes > 0)
            {
                refused.Add(new RefusedObject(member.Name, "a member of an npz file must be called *.npy"));
            }
        }
        SetArrays([.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)]);
    }

    public override string Kind => "npz";

    public override IReadOnlyList<RefusedObject> Refused => refused;

    private protected override void Close() => bytes.Dispose();

    private protected override void Fill(ArrayEntry entry, byte* destination)
    {
        if (!IsFortran(entry))
        {
            Unpack(entry, destination);
            return;
        }
        using var columns = new NativeBytes(entry.Bytes);
        Unpack(entry, columns.Start);
        FortranOrder.ToC(columns.Start, destination, entry.Shape, entry.ItemSize);
    }

    private protected override void Pieces(ArrayEntry entry, BytePieces receive)
    {
        if (IsFortran(entry) || entry.ItemSize is 0 or > PieceBytes)
        {
            base.Pieces(entry, receive);
            return;
        }
        using ZipMember member = OpenBehindHeader(entry);
        byte[] buffer = new byte[Math.Min(entry.Bytes, PieceBytes / entry.ItemSize * entry.ItemSize)];
        fixed (byte* piece = buffer)
        {
            for (long done = 0; done < entry.Bytes;)
            {
                int length = (int)Math.Min(buffer.Length, entry.Bytes - done);
                member.Read(piece, length);
                receive(done / entry.ItemSize, new ReadOnlySpan<byte>(piece, length));
                done += length;
            }
        }
        member.Finish();
    }

    private static bool IsFortran(ArrayEntry entry) => ((Located)entry.Source!).Header.Fortran && entry.Shape.Count > 1;

    private void Unpack(ArrayEntry entry, byte* destination)
    {
        using ZipMember member = OpenBehindHeader(entry);
        member.Read(destination, entry.Bytes);
        member.Finish();
    }

    private ZipMember OpenBehindHeader(ArrayEntry entry)
    {
        var located = (Located)entry.Source!;
        var member = new ZipMember(bytes, located.Member);
        byte* header = stackalloc byte[1024];
        for (int left = located.Header.Length; left > 0; left -= 1024)
        {
            member.Read(header, Math.Min(1024, left));
        }
        return member;
    }

    private ArrayEntry List(ZipEntry member, ReadLimits limits)
    {
        string name = member.Name[..^Suffix.Length];
        string storage = member.IsStored ? "stored" : member.IsDeflated ? "deflated" : $"zip method {member.Method}";
        if (ZipMember.Refusal(member, limits) is { } reason)
        {
            return NpyEntry.Refused(name, storage, reason);
        }
        try
        {
            NpyHeader header = ReadHeader(member);
            return NpyEntry.Create(name, header, member.Bytes, storage, new Located(member, header));
        }
        catch (FileFormatException fault)
        {
            return NpyEntry.Refused(name, storage, fault.Reason);
        }
        catch (FormatException fault)
        {
            return NpyEntry.Refused(name, storage, fault.Message);
        }
    }

    private NpyHeader ReadHeader(ZipEntry entry)
    {
        using var member = new ZipMember(bytes, entry);
        byte[] header = new byte[(int)Math.Min(NpyHeader.PreambleLength, entry.Bytes)];
        fixed (byte* preamble = header)
        {
            member.Read(preamble, header.Length);
        }
        int total = NpyHeader.TotalLength(header);
        if (total > entry.Bytes)
        {
            throw new FormatException($"the npy header needs {total} bytes; the member has {entry.Bytes}");
        }
        Array.Resize(ref header, Math.Max(total, header.Length));
        fixed (byte* all = header)
        {
            member.Read(all + NpyHeader.PreambleLength, header.Length - NpyHeader.PreambleLength);
        }
        return NpyHeader.Parse(header.AsSpan(0, total));
    }

    private sealed record Located(ZipEntry Member, NpyHeader Header);
}
