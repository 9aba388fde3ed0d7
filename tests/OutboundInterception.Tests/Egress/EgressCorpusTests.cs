using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>Plays each row of the URL corpus against the URL check, a policy of example.com alone, and the guard.</summary>
[Category("Corpus")]
internal sealed partial class EgressCorpusTests
{
    // Where our word says more than the corpus's.
    private static readonly Dictionary<string, string> s_words = new()
    {
        ["zone"] = "ip-literal:scoped",
        ["ip-literal:v4-mapped-public"] = "ip-literal:v4-mapped",
    };

    [TestCaseSource(nameof(Rows))]
    public async Task Check_CorpusRow_AgreesInVerdictAndReason(CorpusRow row, UrlStrictness strictness)
    {
        Uri.TryCreate(row.Url, UriKind.Absolute, out Uri? uri);
        bool asked = false;
        AddressGuard guard = new(
            new EgressOptions
            {
                ResolveAsync = (_, _) =>
                {
                    asked = true;
                    return new ValueTask<IPAddress[]>(row.Answers);
                },
            },
            new FakeTimeProvider());

        string reason = await FindReasonAsync(uri, strictness, guard);

        string expected = strictness == UrlStrictness.Strict ? row.StrictReason : row.LiteralReason;
        bool isUrlAccepted = OutboundUri.Check(uri, strictness).IsAccepted;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason, Is.EqualTo(expected));
            Assert.That(asked, Is.EqualTo(row.Answers.Length > 0 && isUrlAccepted), "the resolver is asked");
        }
    }

    [Test]
    public void Rows_WholeCorpus_AreThere()
    {
        Assert.That(Rows().Count(), Is.GreaterThanOrEqualTo(2 * 333));
    }

    // The corpus judges the host before the strict rules, so that a reason does not depend on the setting; the check
    // knows the host also where it refuses.
    private static readonly OutboundPolicyStore s_policy = new(policy => policy.AllowHosts("example.com", "*.example.com"));

    private static async Task<string> FindReasonAsync(Uri? uri, UrlStrictness strictness, AddressGuard guard)
    {
        OutboundUri check = OutboundUri.Check(uri, strictness);
        string? reason = check.Host.Name is null || check.Problem == OutboundUriProblem.Zone ? check.Reason : Decide(check.Host);
        reason ??= check.IsAccepted ? null : check.Reason;
        try
        {
            if (reason is null)
            {
                await guard.ResolveAndCheckAsync(check.Host, CancellationToken.None);
                reason = "ok";
            }
        }
        catch (AddressBlockedException exception)
        {
            reason = $"resolved:{exception.Reason}";
        }

        return s_words.GetValueOrDefault(reason, reason);
    }

    /// <summary>The corpus's policy, as the pipeline asks it; <see langword="null"/> is "allowed".</summary>
    private static string? Decide(CanonicalHost host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://only.the.host.decides/");
        if (s_policy.Decide("tenant", request, request.RequestUri!, host).Allowed)
        {
            return null;
        }

        return host.Address is { } address ? $"ip-literal:{AddressClassifier.Classify(address).Word}" : "host-not-allowed";
    }

    private static IEnumerable<TestCaseData> Rows()
    {
        foreach (CorpusRow row in CorpusRow.ReadAll())
        {
            foreach (UrlStrictness strictness in Enum.GetValues<UrlStrictness>())
            {
                yield return new TestCaseData(row, strictness).SetArgDisplayNames($"{row.Id} {row.Class}", strictness.ToString());
            }
        }
    }

    internal sealed partial record CorpusRow(
        string Id, string Class, string Url, IPAddress[] Answers, string LiteralReason, string StrictReason)
    {
        public static IEnumerable<CorpusRow> ReadAll([CallerFilePath] string thisFile = "")
        {
            string file = Environment.GetEnvironmentVariable("OUTBOUND_EGRESS_CORPUS") is { Length: > 0 } other
                ? other
                : Path.Combine(Path.GetDirectoryName(thisFile)!, "egress.tsv");
            return File.ReadLines(file).Where(line => char.IsAsciiDigit(line.FirstOrDefault())).Select(Parse);
        }

        private static CorpusRow Parse(string line)
        {
            string[] cells = line.Split('\t');
            IPAddress[] answers = cells[3] == "-" ? [] : [.. cells[3].Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
            return new CorpusRow(cells[0], cells[1], Decode(cells[2]), answers, Reason(cells[4], cells[5]), Reason(cells[6], cells[7]));
        }

        // A verdict and its reason say the same thing twice: then one comparison checks both.
        private static string Reason(string verdict, string reason) =>
            verdict == "allow" == (reason == "ok") ? reason : throw new FormatException($"{verdict} because of {reason}");

        private static string Decode(string url) => Escape().Replace(
            url,
            static match => match.Value[1] == '\\' ? "\\" : ((char)Convert.ToUInt16(match.Value[2..], 16)).ToString());

        [GeneratedRegex(@"\\\\|\\u[0-9A-Fa-f]{4}")]
        private static partial Regex Escape();
    }
}
