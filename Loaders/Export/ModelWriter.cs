using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// Models into weight files, the way back of <see cref="ModelLoader"/>: under the names and in the layouts of the model's own framework, so that Chainer's <c>load_npz</c> and <c>load_hdf5</c> and Keras's <c>load_weights</c>
/// read them. <see cref="ModelConverter"/> changes the framework.
/// </summary>
public static class ModelWriter
{
    /// <summary>
    /// Writes all weights and statistics, float32, in place of the file at <paramref name="path"/>. The ending chooses the container: <c>.npz</c>, or <c>.h5</c> and <c>.hdf5</c>. Chainer's keys are paths in both
    /// (<c>res2/a/conv1/W</c>, N as int64). Keras's HDF5 is the layout with <c>layer_names</c> and <c>weight_names</c>; in npz, which Keras does not define for weights, keys are <c>conv1_conv/kernel</c>, in Keras's layouts.
    /// A model that these names do not tell (<see cref="FineTuned"/>, class names, another width) is described in <c>about/…</c> besides, which both frameworks pass over, so that <see cref="ModelLoader"/> builds it again. The same
    /// weights give the same bytes. Parameters that have no values yet get their first ones.
    /// </summary>
    /// <param name="model">Any model of the zoo.</param>
    /// <param name="path">The file.</param>
    /// <param name="compressed">Whether arrays are deflated; in HDF5 shuffled before.</param>
    /// <exception cref="ArgumentException">The path has another ending; <c>.weights.h5</c> counts as another, since Keras 3 takes such a file for its newer layout.</exception>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file is in use.</exception>
    public static void Save(this Model model, string path, bool compressed = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        Write(path, model, WeightPlace.Of(model), compressed);
    }

    /// <summary>Whether <see cref="Save"/> writes a file of that name: its ending is <c>.npz</c>, <c>.h5</c> or <c>.hdf5</c>, and not <c>.weights.h5</c>.</summary>
    public static bool Writes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !path.EndsWith(".weights.h5", StringComparison.OrdinalIgnoreCase) && Path.GetExtension(path).ToLowerInvariant() is ".npz" or ".h5" or ".hdf5";
    }

    /// <summary>Whether a path asks for npz; else it asks for HDF5.</summary>
    /// <exception cref="ArgumentException">It asks for neither.</exception>
    internal static bool IsNpz(string path)
    {
        if (!Writes(path))
        {
            throw new ArgumentException(path.EndsWith(".weights.h5", StringComparison.OrdinalIgnoreCase)
                ? $"{path}: weights are written as .npz or .h5; Keras 3 takes the ending .weights.h5 for another layout than ours; leave out '.weights'"
                : $"{path}: weights are written as .npz or .h5; got '{Path.GetExtension(path)}'");
        }
        return path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="path">As in <see cref="Save"/>.</param>
    /// <param name="model">Whose names and order count; its values are not asked for.</param>
    /// <param name="places">The model's places with the values to write.</param>
    /// <param name="compressed">As in <see cref="Save"/>.</param>
    internal static void Write(string path, Model model, IReadOnlyList<WeightPlace> places, bool compressed)
    {
        bool chainer = model.Origin == Origin.Chainer;
        IEnumerable<NamedArray> about = CheckpointDescription.ArraysBeside(model);
        if (IsNpz(path))
        {
            NpzWriter.Write(path, [.. chainer ? places.Select(ChainerLayout.Export) : KerasExport.Plain(places), .. about], compressed);
            return;
        }
        var file = new Hdf5Writer { Compressed = compressed };
        foreach (NamedArray array in about)
            file.Add(array);
        if (chainer)
        {
            foreach (WeightPlace place in places)
                file.Add(ChainerLayout.Export(place));
        }
        else
        {
            KerasExport.Legacy(file, model, places);
        }
        file.Write(path);
    }
}
