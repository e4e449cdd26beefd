using Spectre.Console;

namespace NativeFree.Cli;

/// <summary>Text tables for people, as wide as their contents where the output is no terminal.</summary>
internal static class Tables
{
    private const int WideEnough = 400;

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IReadOnlyList<int> rightAligned, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < headings.Count; i++)
        {
            var column = new TableColumn(new Text(headings[i])) { NoWrap = true };
            if (rightAligned.Contains(i))
                column.RightAligned();
            table.AddColumn(column);
        }
        foreach (IReadOnlyList<string> row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = WideEnough;
        console.Write(table);
    }
}
