namespace NativeFree.Kernels;

/// <summary>
/// Owns the tensors made on this thread while it is the innermost scope, and gives their memory back when it ends. Scopes nest, end in the reverse
/// order of their start, stay on their thread and never cross an <c>await</c>. A tensor made outside every scope lives until nobody refers to it.
/// </summary>
public class Scope : IDisposable
{
    [ThreadStatic]
    private static Scope? current;

    private readonly Scope? parent;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor> tensors = [];
    private bool ended;

    /// <summary>Starts a scope inside the thread's current one.</summary>
    public Scope()
    {
        parent = current;
        current = this;
    }

    /// <summary>The thread's innermost scope, or null outside all.</summary>
    public static Scope? Current => current;

    /// <summary>Hands <paramref name="tensor"/> to the scope around this one, or to nobody where there is none, so that it outlives this scope.</summary>
    /// <returns>The tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (ReferenceEquals(tensor.Owner, this))
        {
            tensor.Owner = parent;
            parent?.tensors.Add(tensor);
        }
        return tensor;
    }

    /// <summary>Hands <paramref name="tensor"/> to nobody: it lives until it is unreachable, whatever scopes end before.</summary>
    /// <returns>The tensor.</returns>
    public static Tensor Detach(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Owner = null;
        return tensor;
    }

    internal static void Adopt(Tensor tensor)
    {
        if (current is { } scope)
        {
            tensor.Owner = scope;
            scope.tensors.Add(tensor);
        }
    }

    /// <summary>Gives back the memory of the tensors still owned.</summary>
    /// <exception cref="InvalidOperationException">The scope is not the thread's innermost one.</exception>
    public void Dispose()
    {
        if (ended)
            return;
        if (!ReferenceEquals(current, this))
        {
            throw new InvalidOperationException(thread == Environment.CurrentManagedThreadId
                ? "Scope: scopes end in the reverse order of their start; an inner one is still open; dispose it first."
                : $"Scope: a scope stays on its thread; started on {thread}, ended on {Environment.CurrentManagedThreadId}; do not await inside it.");
        }
        ended = true;
        current = parent;
        Dispose(true);
        foreach (Tensor tensor in tensors)
        {
            if (ReferenceEquals(tensor.Owner, this))
                tensor.Release();
        }
        tensors.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets a derived scope drop what it refers to before the memory goes back.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
