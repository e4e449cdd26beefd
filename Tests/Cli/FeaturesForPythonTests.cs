using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeFree.Cli;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What <c>extract</c> writes is for NumPy: it reads names, shapes and every bit.</summary>
[Collection("whole networks")]
public sealed class FeaturesForPythonTests
{
    [PythonFact("numpy")]
    public void Numpy_reads_what_extract_writes()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("features.npz");
        string[] photos = [BundledFiles.PathOf("images", "rocket.jpg"), BundledFiles.PathOf("images", "chelsea.png")];
        CommandRun run = CommandRun.Of("extract", photos[0], photos[1], "--weights",
            BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz"),
            "--layers", "pool1,pool5", "--output", path, "--quiet");
        Assert.True(run.Code == 0, run.Error);
        using ArrayFile file = ArrayFile.Open(path);
        float[] values = new float[2 * 64 * 56 * 56];
        file.ReadFloats(file["pool1"], values);
        const string Script = """
            import sys, hashlib, numpy as np
            z = np.load(sys.argv[1])
            print(sorted(z.files), z['pool1'].shape, z['pool1'].dtype.str, z['pool5'].shape, list(z['inputs']) == sys.argv[2:])
            print(hashlib.sha256(np.ascontiguousarray(z['pool1']).tobytes()).hexdigest(), repr(float(z['pool1'][1, 63, 55, 54])))
            """;
        string[] lines = Python.Run("numpy", Script, path, photos[0], photos[1]).Split('\n');
        Assert.Equal("['inputs', 'pool1', 'pool5'] (2, 64, 56, 56) <f4 (2, 2048) True", lines[0]);
        string[] numbers = lines[1].Split(' ');
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values))), numbers[0]);
        Assert.Equal(values[^2], (float)double.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
