namespace NativeFree.Training;

/// <summary>How well a network did on some batches.</summary>
public sealed record Measures
{
    /// <summary>The mean of the batches' losses, each counted with its number of samples, as Keras does.</summary>
    public required double Loss { get; init; }

    /// <summary>The part of the pictures or pixels that was told right, 0 to 1; ignored ones count nowhere.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean of <see cref="IoU"/> over the classes that occur, 0 to 1; null for labels of whole pictures.</summary>
    public double? MeanIoU { get; init; }

    /// <summary>Per class the pixels told right over all pixels that are or were told to be of it; null for a class that occurs nowhere. Empty for labels of whole pictures.</summary>
    public IReadOnlyList<double?> IoU { get; init; } = [];

    /// <summary>A measure by the name it has in logs: <c>loss</c>, <c>accuracy</c>, <c>mean_iou</c>; null for another name, or where there is none.</summary>
    public double? this[string name] => name switch
    {
        "loss" => Loss,
        "accuracy" => Accuracy,
        "mean_iou" => MeanIoU,
        _ => null,
    };

    /// <summary>The names that have a value, in the order of logs.</summary>
    public IReadOnlyList<string> Names => MeanIoU is null ? ["loss", "accuracy"] : ["loss", "accuracy", "mean_iou"];
}
