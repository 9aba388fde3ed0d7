using System.Globalization;

namespace OutboundInterception.Benchmarks;

/// <summary>Prints results as a table that is Markdown too.</summary>
internal static class Table
{
    private static readonly string[] s_head = ["#", "what", "compared with", "ours", "theirs", "ratio", "allocated", "target", "met"];

    public static void Print(IReadOnlyList<Result> results) => Print([s_head, .. results.Select(ToCells)]);

    /// <param name="lines">The first is the head.</param>
    public static void Print(IReadOnlyList<string[]> lines)
    {
        int[] widths = [.. lines[0].Select((_, column) => lines.Max(line => line[column].Length))];
        for (int line = 0; line < lines.Count; line++)
        {
            Console.WriteLine($"| {string.Join(" | ", lines[line].Select((cell, column) => cell.PadRight(widths[column])))} |");
            if (line == 0)
            {
                Console.WriteLine($"|{string.Join('|', widths.Select(static width => new string('-', width + 2)))}|");
            }
        }
    }

    private static string[] ToCells(Result result) =>
    [
        result.Row.ToString(CultureInfo.InvariantCulture),
        result.What,
        result.ComparedWith,
        result.Ours,
        result.Theirs,
        result.Ratio is { } ratio ? ratio.ToString(ratio < 0.1 ? "0.####" : "0.00", CultureInfo.InvariantCulture) + "×" : "",
        result.Allocated is { } bytes ? bytes.ToString("#,0", CultureInfo.InvariantCulture) + " B" : "",
        string.Join(", ", result.Targets.Select(static target => target.Text)),
        result.Targets.Count == 0 ? "" : result.Verdict switch { Verdict.Met => "met", Verdict.Missed => "missed", _ => "NOT MET" },
    ];
}
