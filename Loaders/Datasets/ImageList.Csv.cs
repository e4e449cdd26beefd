using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Loaders;

public sealed partial class ImageList
{
    /// <summary>
    /// A text file with a line <c>path,label</c> for each picture, UTF-8, paths relative to the file's folder. Fields may stand in double quotes, with a quote inside doubled. A first line <c>path,label</c>, empty lines and lines that
    /// begin with # are passed over. Labels are class names; or, where all of them are, whole numbers from 0.
    /// </summary>
    /// <param name="file">The text file.</param>
    /// <param name="classes">The classes, so that another list's labels agree; unless given, the names that occur in ordinal order, or the numbers up to the largest.</param>
    /// <param name="options">How pictures are decoded.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FileFormatException">A line has not two fields, a label is none of the classes, a class has no picture, or there is no picture at all; the message names the line.</exception>
    public static ImageList FromCsv(string file, IReadOnlyList<string>? classes = null, ImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<(int Line, string Path, string Label)> rows = Rows(file);
        if (rows.Count == 0)
            throw new FileFormatException(file, "a list of pictures has a line path,label for each; this one has none");
        classes ??= ClassesOf(file, rows);
        Dictionary<string, int> labels = classes.Select((name, i) => (name, i)).ToDictionary(item => item.name, item => item.i, StringComparer.Ordinal);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var samples = new List<ImageSample>(rows.Count);
        foreach ((int line, string path, string label) in rows)
        {
            if (!labels.TryGetValue(label, out int index))
                throw new FileFormatException(file, $"a label is one of {Listed(classes)}; got '{label}' in line {line}; correct the line");
            string picture = Path.Combine(folder, path);
            samples.Add(new ImageSample(picture, () => Load(picture, file, options), index));
        }
        int[] counts = new int[classes.Count];
        samples.ForEach(sample => counts[sample.Label]++);
        if (Array.IndexOf(counts, 0) is var empty and >= 0)
            throw new FileFormatException(file, $"a class has at least one picture; '{classes[empty]}' has none; add pictures or leave the class out");
        return new ImageList(file, samples, classes);
    }

    /// <summary>The picture that a list names.</summary>
    internal static Image Load(string path, string list, ImageOptions? options) => File.Exists(path)
        ? ImageFile.Load(path, options)
        : throw new FileFormatException(path, $"a picture that {list} names is there; it is not; add it or take it out of the list");

    private static string[] ClassesOf(string file, List<(int Line, string Path, string Label)> rows)
    {
        if (rows.Exists(row => !int.TryParse(row.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number.ToString(CultureInfo.InvariantCulture) != row.Label))
            return [.. rows.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        int largest = -1;
        foreach ((int line, _, string label) in rows)
        {
            int number = int.Parse(label, CultureInfo.InvariantCulture);
            if (number < 0 || number >= rows.Count)
                throw new FileFormatException(file, $"numbered classes run from 0 without gaps, so {rows.Count} pictures have labels 0 to {rows.Count - 1}; got {number} in line {line}; number the classes anew");
            largest = Math.Max(largest, number);
        }
        return [.. Enumerable.Range(0, largest + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    private static List<(int Line, string Path, string Label)> Rows(string file)
    {
        var rows = new List<(int, string, string)>();
        int line = 0;
        foreach (string text in File.ReadLines(file))
        {
            line++;
            if (text.AsSpan().Trim().IsEmpty || text.StartsWith('#'))
                continue;
            List<string>? fields = Fields(text);
            if (fields is not [var path, var label] || path.Length == 0 || label.Length == 0)
                throw new FileFormatException(file, $"a line is path,label; got '{(text.Length > 60 ? text[..60] + "…" : text)}' in line {line}; quote a path that holds a comma");
            if (rows.Count == 0 && path == "path" && label == "label")
                continue;
            rows.Add((line, path, label));
        }
        return rows;
    }

    /// <summary>The fields of a line, without the blanks around them; null where a quote is not closed or stands inside an unquoted field.</summary>
    private static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        for (int at = 0; ;)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at < line.Length && line[at] == '"')
            {
                var text = new System.Text.StringBuilder();
                for (at++; ; at++)
                {
                    if (at == line.Length)
                        return null;
                    if (line[at] == '"' && (++at == line.Length || line[at] != '"'))
                        break;
                    text.Append(line[at]);
                }
                fields.Add(text.ToString());
                while (at < line.Length && line[at] == ' ')
                    at++;
                if (at < line.Length && line[at] != ',')
                    return null;
            }
            else
            {
                int end = line.IndexOf(',', at) is var comma and >= 0 ? comma : line.Length;
                string field = line[at..end].Trim();
                if (field.Contains('"'))
                    return null;
                fields.Add(field);
                at = end;
            }
            if (at == line.Length)
                return fields;
            at++;
        }
    }

    private static string Listed(IReadOnlyList<string> classes) =>
        classes.Count <= 12 ? string.Join(", ", classes) : $"{string.Join(", ", classes.Take(12))} … ({classes.Count})";
}
