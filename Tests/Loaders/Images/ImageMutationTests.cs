using System.Buffers.Binary;
using System.Diagnostics;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>
/// Thousands of damaged images: each is read or refused with <see cref="FileFormatException"/>, soon, and without claiming memory that its
/// size does not justify.
/// <see cref="Check"/> is the entry for longer runs.
/// </summary>
public sealed class ImageMutationTests
{
    private const string Folder = "formats/images";

    [GoldenTheory(Folder)]
    [InlineData(1, 1000)]
    [InlineData(2, 1000)]
    public void Damage_never_escapes(int seed, int count)
    {
        byte[][] samples = [.. Goldens.Files(Folder).Where(IsSample).Select(file => File.ReadAllBytes(Goldens.PathOf(file)))];
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            byte[] mutant = Mutation.Of(samples[random.Next(samples.Length)], samples[random.Next(samples.Length)], random);
            Check(RepairChecksums(mutant), $"seed {seed}, input {i}");
        }
    }

    /// <summary>
    /// Reads one input both ways: strictly, and taking what is left (up to a small picture, since then a claimed size may be believed).
    /// </summary>
    internal static void Check(byte[] input, string name)
    {
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ImageFile.Decode((ReadOnlyMemory<byte>)input, name);
        }
        catch (FileFormatException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L << 20) + (16L * input.Length));
        }

        try
        {
            ImageFile.Decode((ReadOnlyMemory<byte>)input, name, new ImageOptions { AcceptDamaged = true, MaxPixels = 1 << 20 });
        }
        catch (FileFormatException)
        {
            // Refused even so: fine.
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{name}: {watch.Elapsed}");
    }

    private static bool IsSample(string file) => Path.GetExtension(file) is ".jpg" or ".png" && new FileInfo(Goldens.PathOf(file)).Length is > 0 and < 70_000;

    /// <summary>Makes the checksums of a PNG's chunks right again, as far as its lengths lead: else every mutant would end there.</summary>
    private static byte[] RepairChecksums(byte[] bytes)
    {
        if (bytes.Length > 8 && bytes[0] == 0x89)
        {
            for (long at = 8; at + 12 <= bytes.Length;)
            {
                long length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
                if (at + 12 + length > bytes.Length)
                {
                    break;
                }

                uint crc = Crc32.Of(bytes.AsSpan((int)at + 4, (int)length + 4));
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((int)(at + 8 + length)), crc);
                at += 12 + length;
            }
        }

        return bytes;
    }
}
