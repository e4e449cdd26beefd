using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Training;

/// <summary>
/// What a frozen base gives for each picture of a dataset without augmentation, computed once and kept in a file: the new layers alone are then trained, on <see cref="FineTuned.NewLayers"/>, and learn the very same as with
/// the base before them. The file's name holds a fingerprint of the pictures (path, size and time of change of each, or the pixels of such as are no files), of the base's weights and of the tap, so a stale one is never read.
/// </summary>
public sealed class FeatureDataset : IDataset, IDisposable
{
    private readonly ImageDataset pictures;
    private readonly SafeFileHandle file;
    private readonly long start;

    private FeatureDataset(ImageDataset pictures, Shape shape, string path)
    {
        (this.pictures, InputShape, Path) = (pictures, shape, path);
        file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        start = RandomAccess.GetLength(file) - (pictures.Count * shape.Count * sizeof(float));
    }

    /// <summary>The file, float32 [N, …] as npy.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public int Count => pictures.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => pictures.Classes;

    /// <inheritdoc/>
    public Shape InputShape { get; }

    /// <inheritdoc/>
    public Shape LabelShape => default;

    /// <summary>Opens the features of a dataset, or computes them first.</summary>
    /// <param name="model">Its base is frozen.</param>
    /// <param name="pictures">Pictures with classes, prepared for the model, without augmentation.</param>
    /// <param name="folder">Where the files lie; made if it does not exist. Files of other fingerprints are left alone.</param>
    /// <param name="batchSize">Pictures computed at once.</param>
    /// <param name="progress">Told how many pictures are done, or null.</param>
    /// <param name="cancellation">Stops between two batches and leaves no file.</param>
    /// <exception cref="ArgumentException">The base is not frozen, or the pictures have masks, are augmented or are not of the network's input size.</exception>
    /// <exception cref="FileFormatException">A picture cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FeatureDataset Open(FineTuned model, ImageDataset pictures, string folder, int batchSize, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        if (!model.BaseFrozen || pictures.LabelShape.Rank != 0 || pictures.Augmentation is not null)
            throw new ArgumentException("FeatureDataset: features are stored of a frozen base (FreezeBase) for pictures with classes and without augmentation.", nameof(model));
        var size = new Shape(model.InputSize, model.InputSize, 3);
        if (pictures.InputShape != size)
            throw new ArgumentException($"FeatureDataset: pictures have the size of the network's input, {size}; got {pictures.InputShape}; load the base with that InputSize, or prepare the pictures at the base's.", nameof(pictures));
        Directory.CreateDirectory(folder);
        using var loader = new FeatureSource(model, new DataLoader(pictures, batchSize, device: model.Device), progress, cancellation);
        string path = System.IO.Path.Combine(folder, $"{model.Name}-{model.Tap.Replace('/', '_')}-{Fingerprint(model, pictures)}.npy");
        if (!IsWhole(path, pictures.Count, model.FeatureShape))
            NpyWriter.Write(path, NamedArray.OfPieces("features", [pictures.Count, .. model.FeatureShape.ToArray().Select(extent => (long)extent)], loader.Fill));
        return new FeatureDataset(pictures, model.FeatureShape, path);
    }

    /// <inheritdoc/>
    public string NameOf(int index) => pictures.NameOf(index);

    /// <inheritdoc/>
    public void Read(int index, int epoch, Span<float> x, Span<int> y)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(x);
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(file, bytes[done..], start + (index * (long)bytes.Length) + done);
            done += read > 0 ? read : throw new FileFormatException(Path, "the features of every picture are there; the file ends before; remove it, it is computed again");
        }
        y[0] = pictures.List.Samples[index].Label;
    }

    /// <summary>Closes the file, which stays.</summary>
    public void Dispose() => file.Dispose();

    private static bool IsWhole(string path, int count, Shape shape)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using ArrayFile file = ArrayFile.Open(path);
            return file.Arrays[0].Dtype == "<f4" && file.Arrays[0].Shape.SequenceEqual([count, .. shape.ToArray().Select(extent => (long)extent)]);
        }
        catch (FileFormatException)
        {
            return false;
        }
    }

    private static string Fingerprint(FineTuned model, ImageDataset pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, string.Create(CultureInfo.InvariantCulture, $"1 {model.Base} {model.Base.Options} {model.Tap} {pictures.InputShape}"));
        HashSet<Parameter> frozen = [.. model.BaseParameters];
        foreach ((string path, Weight weight) in model.NamedWeights().Where(item => frozen.Contains(item.Weight.Parameter)))
        {
            weight.Initialize();
            Add(hash, path);
            hash.AppendData(MemoryMarshal.AsBytes<float>(weight.Parameter.Value.ToArray()));
        }
        foreach ((string path, Statistic statistic) in model.NamedStatistics())
        {
            Add(hash, path);
            hash.AppendData(MemoryMarshal.AsBytes<float>(statistic.Value.ToArray()));
        }
        for (int i = 0; i < pictures.Count; i++)
        {
            var file = new FileInfo(pictures.NameOf(i));
            Add(hash, file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}") : pictures.NameOf(i));
            if (!file.Exists)
                hash.AppendData(pictures.Original(i).Image.Pixels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>The rows of features one after another, computed batch by batch as they are asked for.</summary>
internal sealed class FeatureSource(FineTuned model, DataLoader loader, Action<int>? progress, CancellationToken cancellation) : IDisposable
{
    private IEnumerator<Batch>? batches;
    private float[] current = [];
    private int used;
    private int done;

    public void Fill(long start, Span<float> piece)
    {
        batches ??= loader.Epoch(0).GetEnumerator();
        while (piece.Length > 0)
        {
            if (used == current.Length)
                Next();
            int count = Math.Min(piece.Length, current.Length - used);
            current.AsSpan(used, count).CopyTo(piece);
            piece = piece[count..];
            used += count;
        }
    }

    public void Dispose() => batches?.Dispose();

    private void Next()
    {
        cancellation.ThrowIfCancellationRequested();
        if (!batches!.MoveNext())
            throw new InvalidOperationException("FeatureSource: a loader that refuses bad samples gives every row.");
        using var scope = new Scope();
        current = model.Features(batches.Current.X).ToArray();
        used = 0;
        done += batches.Current.Y.Shape[0];
        progress?.Invoke(done);
    }
}
