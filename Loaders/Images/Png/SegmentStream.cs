namespace NativeFree.Loaders.Images;

/// <summary>Reads pieces of memory one after the other, without joining them.</summary>
internal sealed class SegmentStream(IReadOnlyList<ReadOnlyMemory<byte>> segments) : Stream
{
    private int segment;
    private int offset;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        for (; segment < segments.Count; segment++, offset = 0)
        {
            ReadOnlySpan<byte> rest = segments[segment].Span[offset..];
            int count = Math.Min(rest.Length, buffer.Length);
            if (count > 0)
            {
                rest[..count].CopyTo(buffer);
                offset += count;
                return count;
            }
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
