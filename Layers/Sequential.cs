namespace NativeFree.Layers;

/// <summary>Layers one after another, called <c>0</c>, <c>1</c>, … both in the tree and when their outputs are asked for.</summary>
public sealed class Sequential : Network
{
    /// <summary>Chains the layers in the order given.</summary>
    /// <exception cref="ArgumentException">A layer has a place in a tree already.</exception>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        Node h = Input;
        for (int i = 0; i < layers.Length; i++)
        {
            string name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            h = Publish(name, Apply(name, layers[i], h));
        }
    }
}
