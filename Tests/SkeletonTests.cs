namespace NativeFree.Tests;

public sealed class SkeletonTests
{
    [Fact]
    public void A_file_format_exception_names_file_and_offset() =>
        Assert.Equal("w.h5: bad signature (at byte 7)", new Loaders.FileFormatException("w.h5", "bad signature", 7).Message);
}
