using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>A tensor of a plan: its shape, and where it lies.</summary>
internal sealed class PlanValue(Shape shape, Tensor? constant)
{
    public Shape Shape { get; } = shape;

    /// <summary>The value itself where it does not depend on the input: a weight.</summary>
    public Tensor? Constant { get; } = constant;

    /// <summary>How many nodes read it.</summary>
    public int Readers { get; set; }

    /// <summary>Whether the caller asked for it.</summary>
    public bool Wanted { get; set; }

    /// <summary>The node that makes it; null for the input and for constants.</summary>
    public PlanNode? Maker { get; set; }

    /// <summary>The value in whose memory this one lies: itself, the origin of a reshape, or the join that it is written into.</summary>
    public int Root { get; set; } = -1;

    /// <summary>Its first channel in the root.</summary>
    public int FirstChannel { get; set; }

    /// <summary>Of a root: in how many parts of the batch its memory is used, one after the other; 1 where it holds the whole batch.</summary>
    public int Parts { get; set; } = 1;

    /// <summary>Floats from the start of the arena, of a root.</summary>
    public long Offset { get; set; }

    /// <summary>Whether only the next operator sees it, which may therefore take its place.</summary>
    public bool IsPrivate => Readers == 1 && !Wanted;
}
