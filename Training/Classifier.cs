using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Training;

/// <summary>
/// What is trained and by which loss: a network whose scores tell classes of pictures, labels [N], or of pixels, labels [N, H, W]. The loss is the
/// softmax cross-entropy of the scores, plus, for GoogLeNet, 0.3 times that of each auxiliary head (Szegedy et al., arXiv:1409.4842, section 5).
/// </summary>
public sealed class Classifier
{
    private const float AuxiliaryWeight = 0.3f;

    private readonly string? layer;
    private readonly (string Layer, float Weight)[] auxiliary;

    /// <summary>Wraps a network; nothing is computed yet.</summary>
    /// <param name="network">A model of the zoo, its new layers in place, or a network of one's own whose output are scores before the softmax.</param>
    /// <param name="layer">The layer with the scores; a model's logits, a network's output unless given.</param>
    /// <exception cref="ArgumentException">The model has no top.</exception>
    /// <exception cref="UnknownLayerException">There is no such layer.</exception>
    public Classifier(Network network, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (layer is null && network is Model { ProbabilityLayer: null })
            throw new ArgumentException($"Classifier: the scores of classes are trained; {network} has no top; put new layers on it (FineTuned).", nameof(network));
        Network = network;
        this.layer = layer ?? (network is Model ? "logits" : null);
        if (this.layer is { } name)
            network.Find(name);
        auxiliary = layer is null && network is GoogLeNet ? [("loss1_fc2", AuxiliaryWeight), ("loss2_fc2", AuxiliaryWeight)] : [];
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The label that counts for nothing in loss and measures; −1 unless set, null for none.</summary>
    public int? IgnoreLabel { get; init; } = -1;

    /// <summary>
    /// The loss of one head: from scores, float32 [N, C] or [N, H, W, C], and labels to a single value, a mean over the batch. The softmax cross-entropy unless set.
    /// </summary>
    public Func<Variable, Labels, Variable>? Loss { get; init; }

    /// <summary>Loss and scores of a batch. With a tape active everything is recorded; a frozen base of a <see cref="FineTuned"/> never is.</summary>
    /// <param name="x">float32 [N, H, W, C] or [N, F].</param>
    /// <param name="t">int32, one a row of scores.</param>
    /// <param name="everyHead">Whether auxiliary heads count in the loss, as in training.</param>
    /// <exception cref="ShapeException">The input does not fit the network, or there is not one label a row of scores.</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one.</exception>
    public (Variable Loss, Variable Scores) Run(Tensor x, Labels t, bool everyHead = true)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(t);
        if (layer is null)
            return Of(Network.Forward(x), t);
        if (Network is FineTuned { BaseFrozen: true } tuned)
            return Of(tuned.NewLayers.Forward(tuned.Features(x)), t);
        if (!everyHead || auxiliary.Length == 0)
            return Of(Network.Forward(x, [layer])[layer], t);
        IReadOnlyDictionary<string, Variable> heads = Network.Forward(x, [layer, .. auxiliary.Select(head => head.Layer)]);
        (Variable loss, Variable scores) = Of(heads[layer], t);
        Variable[] all = [loss, .. auxiliary.Select(head => F.Scale(LossOf(heads[head.Layer], t), head.Weight))];
        return (F.Add(all), scores);
    }

    private (Variable Loss, Variable Scores) Of(Variable scores, Labels t) => (LossOf(scores, t), scores);

    private Variable LossOf(Variable scores, Labels t) => Loss is { } loss ? loss(scores, t) : F.SoftmaxCrossEntropy(scores, t, IgnoreLabel);
}
