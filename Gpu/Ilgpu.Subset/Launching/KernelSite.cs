namespace NativeFree.Gpu;

/// <summary>A place in a kernel's C# source.</summary>
/// <param name="File">The file's name, without folders.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="What">The view that is accessed there, or <c>Group.Barrier</c>.</param>
public readonly record struct KernelSite(string File, int Line, string What)
{
    /// <summary>File and line.</summary>
    public override string ToString() => $"{File}:{Line}";
}
