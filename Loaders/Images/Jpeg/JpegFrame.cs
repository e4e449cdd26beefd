namespace NativeFree.Loaders.Images;

/// <summary>What SOF says: size, components, and whether the scans refine one another.</summary>
internal sealed class JpegFrame
{
    private JpegFrame(int width, int height, bool progressive, JpegComponent[] components)
    {
        (Width, Height, Progressive, Components) = (width, height, progressive, components);
        MaxHorizontal = components.Max(c => c.Horizontal);
        MaxVertical = components.Max(c => c.Vertical);
        foreach (JpegComponent component in components)
        {
            component.Measure(width, height, MaxHorizontal, MaxVertical);
        }
    }

    internal int Width { get; }

    internal int Height { get; }

    internal bool Progressive { get; }

    internal JpegComponent[] Components { get; }

    internal int MaxHorizontal { get; }

    internal int MaxVertical { get; }

    /// <summary>Minimum coded units of an interleaved scan, across and down.</summary>
    internal int UnitsWide => (Width + (8 * MaxHorizontal) - 1) / (8 * MaxHorizontal);

    internal int UnitsHigh => (Height + (8 * MaxVertical) - 1) / (8 * MaxVertical);

    /// <summary>Reads the segment of a supported SOF (0, 1, 2); <paramref name="offset"/> is where its data begins.</summary>
    internal static JpegFrame Parse(ReadOnlySpan<byte> data, byte marker, JpegDamage damage, long offset, long maxPixels)
    {
        if (data.Length < 6)
        {
            throw damage.Fatal($"a frame header must have 6 bytes or more; got {data.Length}", offset);
        }

        int precision = data[0], height = (data[1] << 8) | data[2], width = (data[3] << 8) | data[4], count = data[5];
        if (precision != 8)
        {
            throw damage.Fatal(
                $"JPEG samples must have 8 bits; got {precision}-bit samples, which are not supported; convert to 8 bits", offset);
        }

        if (width == 0 || height == 0)
        {
            throw damage.Fatal(
                $"a JPEG must have a width and a height; got {width}×{height}{(height == 0 ? " (height given later by DNL is not supported)" : "")}", offset + 1);
        }

        if (count is not (1 or 3 or 4) || data.Length != 6 + (3 * count))
        {
            throw damage.Fatal(
                $"a JPEG must have 1, 3 or 4 components of 3 bytes each; got {count} components in {data.Length - 6} bytes", offset + 5);
        }

        if ((long)width * height > maxPixels)
        {
            throw damage.Fatal($"an image may have {maxPixels} pixels; got {width}×{height}; raise ImageOptions.MaxPixels", offset + 1);
        }

        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = data[(6 + (3 * i))..];
            int h = entry[1] >> 4, v = entry[1] & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4 || entry[2] > 3)
            {
                throw damage.Fatal(
                    $"sampling factors must be 1..4 and quantization tables 0..3; got {h}×{v}, table {entry[2]} for component {entry[0]}", offset + 7 + (3 * i));
            }

            components[i] = new JpegComponent(entry[0], h, v, entry[2]);
        }

        if (components.DistinctBy(c => c.Id).Count() != count)
        {
            throw damage.Fatal($"component ids must differ; got {string.Join(", ", components.Select(c => c.Id))}", offset + 6);
        }

        var frame = new JpegFrame(width, height, marker == JpegMarker.Sof2, components);
        if (components.FirstOrDefault(c => frame.MaxHorizontal % c.Horizontal != 0 || frame.MaxVertical % c.Vertical != 0) is { } odd)
        {
            throw damage.Fatal(
                $"sampling factors must divide the largest ({frame.MaxHorizontal}×{frame.MaxVertical}); got {odd.Horizontal}×{odd.Vertical} for component {odd.Id}, not supported by libjpeg either", offset + 6);
        }

        return frame;
    }
}
