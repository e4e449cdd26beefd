namespace NativeFree.Loaders;

/// <summary>How <see cref="ImageFile"/> reads. The defaults trust nothing and change nothing.</summary>
public sealed record ImageOptions
{
    /// <summary>
    /// The largest width·height that is decoded; checked before any memory is taken. 178 956 970 by default: where Pillow too refuses (half
    /// a gigabyte as RGB).
    /// </summary>
    public long MaxPixels { get; init; } = 178_956_970;

    /// <summary>
    /// Turn and mirror the picture as its EXIF orientation asks (Pillow's <c>exif_transpose</c>). Off by default, as the training pipelines
    /// of the published weights leave it alone.
    /// Concerns <see cref="ImageFile.Load(string, ImageOptions?)"/> alone; a <see cref="DecodedImage"/> is as stored.
    /// </summary>
    public bool ApplyOrientation { get; init; }

    /// <summary>
    /// Take what libjpeg would take from a damaged JPEG, with <see cref="DecodedImage.Warning"/> saying what is wrong, instead of refusing
    /// it: missing data reads as zeros and shows as grey.
    /// A progressive file whose last scans are missing is shown as far as they go, without the smoothing of blocks that libjpeg adds (and
    /// changed between its versions).
    /// Off by default. With it a short file may claim memory up to <see cref="MaxPixels"/>. Damaged PNG files are always refused: they
    /// carry checksums to be believed.
    /// </summary>
    public bool AcceptDamaged { get; init; }
}
