using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>The values of one plan in memory of its own, by number: those of the whole batch, and for each part of a stretch that has several the pictures of this part.</summary>
internal sealed class PlanTensors
{
    private readonly PlanLayout layout;
    private readonly List<View> bound = [];
    private readonly Tensor[][][] parts;

    public PlanTensors(Device device, PlanLayout layout)
    {
        this.layout = layout;
        Whole = new Tensor[layout.Values.Length];
        parts = [.. layout.Stretches.Select(stretch => stretch.Parts == 1 ? [Whole] : Enumerable.Range(0, stretch.Parts).Select(_ => new Tensor[Whole.Length]).ToArray())];
        DeviceBuffer arena = device.Pool.Rent(layout.Floats);
        foreach (View view in Views())
        {
            PlanValue place = layout.Values[layout.Root(view.Value)];
            if (layout.Values[view.Value].Constant is { } constant)
                view.Tensors[view.Value] = constant;
            else if (layout.Root(view.Value) == layout.Input)
                bound.Add(view);
            else if (place.Offset >= 0 && (place.Parts == 1 || place.Parts == view.Parts))
                view.Tensors[view.Value] = new Tensor(device, view.Shape, arena, place.Offset + (place.Parts == 1 ? view.First : 0));
        }
        arena.Release();
    }

    /// <summary>The values of the whole batch; those that have memory for a part alone are missing.</summary>
    public Tensor[] Whole { get; }

    /// <summary>The values as a part of a stretch sees them.</summary>
    public Tensor[] Of(int stretch, int part) => parts[stretch][part];

    /// <summary>Lets the input's values lie in <paramref name="x"/>, until <see cref="Unbind"/>.</summary>
    public void Bind(Tensor x)
    {
        foreach (View view in bound)
            view.Tensors[view.Value] = x.Part(view.First, view.Shape);
    }

    /// <summary>Gives the input's memory up.</summary>
    public void Unbind()
    {
        foreach (View view in bound)
            view.Tensors[view.Value]?.Release();
    }

    private IEnumerable<View> Views()
    {
        for (int value = 0; value < Whole.Length; value++)
            yield return new View(Whole, value, layout.Values[value].Shape, 0, 1);
        for (int k = 0; k < parts.Length; k++)
        {
            PlanStretch stretch = layout.Stretches[k];
            if (stretch.Parts == 1)
                continue;
            foreach (int value in layout.Touched(stretch))
            {
                int[] sizes = layout.Values[value].Shape.ToArray();
                if (layout.Values[value].Constant is null)
                    sizes[0] /= stretch.Parts;
                var shape = new Shape(sizes);
                for (int part = 0; part < stretch.Parts; part++)
                    yield return new View(parts[k][part], value, shape, part * shape.Count, stretch.Parts);
            }
        }
    }

    /// <summary>A value as a part sees it: the shape of its pictures, the floats before them in the whole batch, and how many parts there are.</summary>
    private readonly record struct View(Tensor[] Tensors, int Value, Shape Shape, long First, int Parts);
}
