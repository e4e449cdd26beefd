using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NativeFree.KernelCompiler;

/// <summary>What a kernel method became. Equal for equal text, so that an edit elsewhere costs the compiler nothing further.</summary>
internal sealed record CompiledMethod(string FileName, string? Source, EquatableList<string> Programs, EquatableList<ReportedDiagnostic> Diagnostics);

/// <summary>A diagnostic without the symbols that would keep a compilation alive.</summary>
internal sealed record ReportedDiagnostic(DiagnosticDescriptor Rule, string Path, TextSpan Span, LinePositionSpan Lines, EquatableList<string> Arguments)
{
    public static ReportedDiagnostic From(Diagnostic diagnostic, IReadOnlyList<object> arguments)
    {
        Location location = diagnostic.Location;
        FileLinePositionSpan lines = location.GetLineSpan();
        return new ReportedDiagnostic(diagnostic.Descriptor, lines.Path ?? "", location.SourceSpan, lines.Span, new EquatableList<string>([.. arguments.Select(static argument => argument.ToString() ?? "")]));
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Location.Create(Path, Span, Lines), [.. Arguments]);
}

/// <summary>A list that is equal to another with equal items.</summary>
internal sealed class EquatableList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>, IEquatable<EquatableList<T>>
{
    public int Count => items.Count;

    public T this[int index] => items[index];

    public bool Equals(EquatableList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    public override int GetHashCode() => items.Aggregate(items.Count, static (hash, item) => unchecked((hash * 31) + (item?.GetHashCode() ?? 0)));

    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
