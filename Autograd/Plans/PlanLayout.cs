namespace NativeFree.Autograd;

/// <summary>
/// Where the values of a plan lie in its arena. A value that only the steps of one stretch touch has memory for one part of the batch, which the parts use in turn; what crosses a stretch's end, or is asked for, lies there for the
/// whole batch, and for the whole of each stretch that touches it, since every part writes or reads its own pictures.
/// </summary>
internal sealed class PlanLayout
{
    private readonly PlanStep[] steps;
    private readonly Func<int, int> root;

    public PlanLayout(PlanValue[] values, PlanStep[] steps, IReadOnlyList<PlanStretch> stretches, Func<int, int> root, int input)
    {
        (Values, this.steps, Stretches, this.root, Input) = (values, steps, stretches, root, input);
        SetParts();
        (Dictionary<int, long> offsets, Floats) = PlanMemory.Place(Lives());
        for (int i = 0; i < values.Length; i++)
            values[i].Offset = offsets.GetValueOrDefault(i, -1);
    }

    public PlanValue[] Values { get; }

    public IReadOnlyList<PlanStretch> Stretches { get; }

    /// <summary>The number of the plan's input.</summary>
    public int Input { get; }

    /// <summary>Floats of the arena.</summary>
    public long Floats { get; }

    /// <summary>The value in whose memory another lies.</summary>
    public int Root(int value) => root(value);

    /// <summary>The values that the steps of a stretch touch, those in whose memory they lie included.</summary>
    public IEnumerable<int> Touched(PlanStretch stretch) => Enumerable.Range(stretch.First, stretch.End - stretch.First).SelectMany(Touched).Distinct();

    private IEnumerable<int> Touched(int step) => [.. steps[step].Reads, steps[step].Writes, root(steps[step].Writes)];

    private bool IsPlaced(int value) => root(value) != Input && Values[root(value)].Constant is null;

    private void SetParts()
    {
        var only = new Dictionary<int, PlanStretch?>();
        foreach (PlanStretch stretch in Stretches)
        {
            foreach (int place in Touched(stretch).Where(IsPlaced).Select(root).Distinct())
                only[place] = only.ContainsKey(place) ? null : stretch;
        }
        for (int i = 0; i < Values.Length; i++)
        {
            if (Values[i].Wanted)
                only[root(i)] = null;
        }
        foreach ((int place, PlanStretch? stretch) in only)
            Values[place].Parts = stretch?.Parts ?? 1;
    }

    private IEnumerable<PlanMemory.Life> Lives()
    {
        var lives = new Dictionary<int, PlanMemory.Life>();
        void Touch(int value, int first, int last)
        {
            if (!IsPlaced(value))
                return;
            int place = root(value);
            lives[place] = lives.TryGetValue(place, out PlanMemory.Life life)
                ? life with { First = Math.Min(life.First, first), Last = Math.Max(life.Last, last) }
                : new PlanMemory.Life(place, Values[place].Shape.Count / Values[place].Parts, first, last);
        }

        foreach (PlanStretch stretch in Stretches)
        {
            for (int i = stretch.First; i < stretch.End; i++)
            {
                foreach (int value in Touched(i))
                {
                    if (Values[root(value)].Parts == stretch.Parts)
                        Touch(value, i, i);
                    else
                        Touch(value, stretch.First, stretch.End - 1);
                }
            }
        }
        for (int i = 0; i < Values.Length; i++)
        {
            if (Values[i].Wanted)
                Touch(i, steps.Length, steps.Length);
        }
        return lives.Values;
    }
}
