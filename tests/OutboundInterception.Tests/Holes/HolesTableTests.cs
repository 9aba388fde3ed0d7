using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace OutboundInterception.Tests.Holes;

/// <summary>Holds the table to the findings and to the tests.</summary>
public partial class HolesTableTests
{
    private static readonly string[] s_states = ["closed", "closed in part", "verifier", "process", "open", ".NET", "not ours"];

    // Letter by letter: 120 findings.
    private static readonly (char Letter, int Count)[] s_findings =
    [
        ('A', 10), ('B', 3), ('C', 5), ('D', 8), ('E', 7), ('F', 9), ('G', 6), ('H', 8), ('I', 8), ('J', 9), ('K', 7), ('L', 7), ('M', 9), ('N', 3), ('O', 7),
        ('P', 8), ('Q', 5), ('Z', 1),
    ];

    private static readonly Dictionary<string, string> s_table = Read();

    // A test shows an id if its name has it as a word: A1_..., or ..._K5_L1.
    private static readonly ILookup<string, string> s_tests = typeof(HolesTableTests).Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(static method => method.GetCustomAttributes().Any(static attribute => attribute is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute))
        .SelectMany(static method => method.Name.Split('_').Where(static word => Id().IsMatch(word)).Select(word => (Id: word, method.Name)))
        .ToLookup(static test => test.Id, static test => test.Name);

    [Test]
    public void Table_EveryFinding_HasOneRowWithAState()
    {
        string[] findings = [.. s_findings.SelectMany(static letter => Enumerable.Range(1, letter.Count).Select(number => $"{letter.Letter}{number}"))];

        Assert.That(findings, Has.Length.EqualTo(120));
        Assert.That(s_table.Keys, Is.EquivalentTo(findings));
        Assert.That(s_table.Values, Has.All.AnyOf(s_states));
    }

    [Test]
    public void Table_RowThatSaysClosed_HasItsTest()
    {
        string[] shown = ["closed", "closed in part", "process", "verifier"];
        IEnumerable<string> missing = s_table.Where(row => shown.Contains(row.Value) && !s_tests.Contains(row.Key)).Select(static row => row.Key);

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Table_Test_HasItsRow()
    {
        IEnumerable<string> stray = s_tests.Where(static test => s_table.GetValueOrDefault(test.Key) is null or "open" or ".NET" or "not ours").SelectMany(static test => test);

        Assert.That(stray, Is.Empty);
    }

    private static Dictionary<string, string> Read([CallerFilePath] string path = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "holes.md"))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length == 7 && Id().IsMatch(cells[1]))
            .ToDictionary(static cells => cells[1], static cells => cells[3]);

    [GeneratedRegex("^[A-Z][0-9]{1,2}$")]
    private static partial Regex Id();
}
