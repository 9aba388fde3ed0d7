using System.Text.Json.Nodes;

namespace OutboundInterception.Tests.Parity;

[Category("Parity")]
[CancelAfter(120_000)]
public class ParityTests
{
    private static readonly Dictionary<string, ParityScript> s_scripts = new[]
        {
            RequestScripts.All, RedirectScripts.All, OutboundScripts.All, TenantScripts.All, HeaderScripts.All, StaticScripts.All, SocketScripts.All,
        }
        .SelectMany(static scripts => scripts)
        .ToDictionary();

    private static IEnumerable<TestCaseData> Played => s_scripts.Keys.Select(static name => new TestCaseData(name).SetName($"Parity({name})"));

    [TestCaseSource(nameof(Played))]
    public async Task Play_SameCode_SeenIsWhatTheOriginalSaw(string scenario)
    {
        Recording recording = Recording.All[scenario];
        string expected = ParityComparer.Expected(recording, Differences.Rows.Where(row => row.Scenario == scenario));
        int events = JsonNode.Parse(expected)!["events"]?.AsArray().Count ?? 0;

        JsonObject seen = await ParityRun.PlayAsync(recording, s_scripts[scenario], events);

        Assert.That(ParityComparer.Actual(recording, seen), Is.EqualTo(expected));
    }

    [Test]
    public void Recordings_Each_PlayedOrInTheTable() =>
        Assert.That(s_scripts.Keys.Concat(Differences.NotOffered.Keys), Is.EquivalentTo(Recording.All.Keys));

    [Test]
    public void Differences_Each_OfAPlayedScenario() =>
        Assert.That(Differences.Rows.Select(static row => row.Scenario).Distinct(), Is.SubsetOf(s_scripts.Keys));
}
