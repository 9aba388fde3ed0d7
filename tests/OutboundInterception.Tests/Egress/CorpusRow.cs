using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace OutboundInterception.Tests;

/// <summary>One row of a file of URL and address confusions: a URL, what its host resolves to, and what is to become of it.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Class">What kind of confusion it is.</param>
/// <param name="Url">As a tenant gives it.</param>
/// <param name="Answers">What the resolver is to answer; <see langword="null"/> if it must not be asked.</param>
/// <param name="Literal">What is expected of <see cref="UrlStrictness.Literal"/>.</param>
/// <param name="Strict">What is expected of <see cref="UrlStrictness.Strict"/>.</param>
internal sealed partial record CorpusRow(
    string Id, string Class, string Url, IPAddress[]? Answers, CorpusRow.Verdict Literal, CorpusRow.Verdict Strict)
{
    private const int Columns = 8;

    /// <summary>The file of somebody else's that is to be played, if there is one.</summary>
    public static string? Given => Environment.GetEnvironmentVariable("OUTBOUND_EGRESS_CORPUS") is { Length: > 0 } file ? file : null;

    /// <summary>A file beside this one.</summary>
    public static string Beside(string name, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, name);

    /// <summary>The rows of a file in the format that the head of <c>egress.tsv</c> describes; further columns are not read.</summary>
    public static IReadOnlyList<CorpusRow> Read(string file) =>
        [.. File.ReadLines(file).Where(static line => line.Length > 0 && line[0] != '#' && !line.StartsWith("id\t", StringComparison.Ordinal)).Select(Parse)];

    public Verdict Expected(UrlStrictness strictness) => strictness == UrlStrictness.Strict ? Strict : Literal;

    public override string ToString() => $"{Id} {Class}";

    private static CorpusRow Parse(string line)
    {
        string[] cells = line.Split('\t');
        if (cells.Length < Columns)
        {
            throw new FormatException($"The row '{line}' has {cells.Length} columns, not at least {Columns}.");
        }

        IPAddress[]? answers = cells[3] == "-" ? null : [.. cells[3].Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        return new CorpusRow(cells[0], cells[1], Decode(cells[2]), answers, Verdict.Parse(cells[4], cells[5]), Verdict.Parse(cells[6], cells[7]));
    }

    private static string Decode(string url) => Escape().Replace(
        url,
        static match => match.Value[1] == '\\' ? "\\" : ((char)Convert.ToUInt16(match.Value[2..], 16)).ToString());

    [GeneratedRegex(@"\\\\|\\u[0-9A-Fa-f]{4}")]
    private static partial Regex Escape();

    internal readonly record struct Verdict(bool Allows, string Reason)
    {
        public static Verdict Parse(string verdict, string reason) => verdict switch
        {
            "allow" => new(true, reason),
            "deny" => new(false, reason),
            _ => throw new FormatException($"A verdict is allow or deny, not '{verdict}'."),
        };
    }
}
