using System.Globalization;

namespace NativeFree.Loaders.Npz;

/// <summary>A scanner for the few Python literals that an npy header consists of: texts, True and False, tuples of integers. It has no
/// recursion and evaluates nothing.</summary>
internal ref struct PythonLiteral(string source)
{
    /// <summary>NumPy itself stops at 32 dimensions, 64 from version 2 on.</summary>
    private const int MostDimensions = 64;

    private int at;

    /// <summary>Text for a message: at most 40 characters, nothing that breaks the line.</summary>
    public static string Shorten(string text)
    {
        string plain = new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.TrimEnd().Length > 40 ? plain + "…" : plain.TrimEnd();
    }

    public bool Peek(char c)
    {
        SkipSpace();
        return at < source.Length && source[at] == c;
    }

    public bool Take(char c)
    {
        bool there = Peek(c);
        at += there ? 1 : 0;
        return there;
    }

    public void Expect(char c, string what)
    {
        if (!Take(c))
        {
            throw Fault(what);
        }
    }

    public void ExpectEnd()
    {
        SkipSpace();
        if (at < source.Length)
        {
            throw Fault("nothing behind the dict");
        }
    }

    /// <summary>A text in single or double quotes without escapes (no dtype has any).</summary>
    public string Text(string what)
    {
        SkipSpace();
        if (at >= source.Length || source[at] is not ('\'' or '"'))
        {
            throw Fault($"a text for {what}");
        }
        int end = source.IndexOf(source[at], at + 1);
        if (end < 0)
        {
            throw Fault($"a closing quote for {what}");
        }
        string text = source[(at + 1)..end];
        at = end + 1;
        return text.Contains('\\') ? throw Fault($"{what} without escapes") : text;
    }

    public bool Bool(string what)
    {
        SkipSpace();
        foreach ((string word, bool value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (string.CompareOrdinal(source, at, word, 0, word.Length) == 0)
            {
                at += word.Length;
                return value;
            }
        }
        throw Fault($"True or False for {what}");
    }

    /// <summary>A tuple of integers ≥ 0; Python 2 wrote them with an L behind.</summary>
    public long[] Tuple(string what)
    {
        Expect('(', $"a tuple for {what}");
        var items = new List<long>();
        while (!Take(')'))
        {
            items.Add(items.Count < MostDimensions ? Integer(what) : throw Fault($"at most {MostDimensions} dimensions"));
            if (!Take(','))
            {
                Expect(')', "',' or ')'");
                // (3) is a number in Python, (3,) a tuple.
                return items.Count == 1 ? throw Fault($"a tuple for {what}") : [.. items];
            }
        }
        return [.. items];
    }

    private long Integer(string what)
    {
        SkipSpace();
        int start = at;
        while (at < source.Length && char.IsAsciiDigit(source[at]))
        {
            at++;
        }
        if (!long.TryParse(source.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            at = start;
            throw Fault($"an integer from 0 to 2^63 - 1 in {what}");
        }
        at += at < source.Length && source[at] == 'L' ? 1 : 0;
        return value;
    }

    private void SkipSpace()
    {
        while (at < source.Length && source[at] is ' ' or '\n' or '\t' or '\r')
        {
            at++;
        }
    }

    private readonly FormatException Fault(string wanted) =>
        new($"the npy header must have {wanted} at character {at}; there is {(at < source.Length ? $"'{Shorten(source[at..])}'" : "its end")}");
}
