using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace OutboundInterception.Tests;

/// <summary>
/// Plays each row of the URL corpus against the URL check, a policy of example.com alone, and the guard. Of another file in
/// its format (<c>OUTBOUND_EGRESS_CORPUS</c>), whose reasons may have other words, only the verdicts count, and whether the resolver is asked.
/// </summary>
[Category("Corpus")]
internal sealed class EgressCorpusTests
{
    // Where our word says more than the corpus's.
    private static readonly Dictionary<string, string> s_words = new()
    {
        ["zone"] = "ip-literal:scoped",
        ["ip-literal:v4-mapped-public"] = "ip-literal:v4-mapped",
    };

    // The corpus judges the host before the strict rules, so that a reason does not depend on the setting; the check
    // knows the host also where it refuses.
    private static readonly OutboundPolicyStore s_policy = new(Configure);

    [TestCaseSource(nameof(Rows))]
    public async Task Check_CorpusRow_AgreesInVerdict(CorpusRow row, UrlStrictness strictness)
    {
        (string reason, bool asked) = await PlayAsync(row, strictness);

        bool isAllowed = row.Expected(strictness).Allows;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason == "ok", Is.EqualTo(isAllowed), reason);
            Assert.That(asked, isAllowed ? Is.True : row.Answers is null ? Is.False : Is.Not.Null, "the resolver is asked");
        }
    }

    [TestCaseSource(nameof(OwnRows))]
    public async Task Check_RowOfTheOwnCopy_AgreesInReason(CorpusRow row, UrlStrictness strictness)
    {
        (string reason, bool asked) = await PlayAsync(row, strictness);

        Uri.TryCreate(row.Url, UriKind.Absolute, out Uri? uri);
        bool isUrlAccepted = OutboundUri.Check(uri, strictness).IsAccepted;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Expected(strictness).Allows, Is.EqualTo(row.Expected(strictness).Reason == "ok"));
            Assert.That(reason, Is.EqualTo(row.Expected(strictness).Reason));
            Assert.That(asked, Is.EqualTo(row.Answers is not null && isUrlAccepted), "the resolver is asked");
        }
    }

    // Through all that a tenant's request passes. What may go out is answered by the worker, since these are addresses of the internet.
    [Test]
    [CancelAfter(120_000)]
    public async Task FetchAsync_EachRowAsATenantSendsIt_GoesOutOnlyWhereItMay([Values] UrlStrictness strictness, [Values("corpus", "egress-more.tsv")] string file)
    {
        CorpusRow row = null!;
        ConcurrentQueue<string> asked = new();
        int seen = 0;
        await using Platform platform = Platform.Create(builder => builder
            .AddTenant("tenant", async (_, context, token) => await context.Http.GetAsync(row.Url, token))
            .Configure(options => options.UrlStrictness = strictness)
            .ConfigurePolicy(Configure)
            .ConfigureConnections(options =>
            {
                options.ResolutionLifetime = TimeSpan.Zero;
                options.ResolveAsync = (host, _) =>
                {
                    asked.Enqueue(host);
                    return new ValueTask<IPAddress[]>(row.Answers ?? []);
                };
            })
            .AddOutboundWorker(_ => new DelegateWorker((request, context, token) =>
            {
                seen++;
                return row.Expected(strictness).Allows ? Task.FromResult(new HttpResponseMessage()) : context.SendAsync(request, token);
            })));
        List<string> wrong = [];
        foreach (CorpusRow next in CorpusRow.Read(file == "corpus" ? CorpusRow.Given ?? OwnFile : CorpusRow.Beside(file)))
        {
            row = next;
            asked.Clear();
            seen = 0;
            string outcome;
            try
            {
                using HttpResponseMessage response = await platform.FetchAsync();
                outcome = "sent";
            }
            catch (Exception exception) when (exception is HttpRequestException or UriFormatException or InvalidOperationException or NotSupportedException)
            {
                outcome = exception.GetType().Name;
            }

            bool isAllowed = row.Expected(strictness).Allows;
            bool isRight = isAllowed
                ? outcome == "sent" && seen == 1
                : outcome is not ("sent" or nameof(OutboundException)) && (row.Answers is not null || (seen == 0 && asked.IsEmpty));
            if (!isRight)
            {
                wrong.Add($"{row} {row.Url}: {outcome}, seen by the worker {seen} times, resolved {string.Join(' ', asked)}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Rows_Corpus_AreThere()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CorpusRow.Read(OwnFile), Has.Count.EqualTo(333));
            Assert.That(CorpusRow.Read(CorpusRow.Given ?? OwnFile), Is.Not.Empty);
        }
    }

    [Test]
    public void Read_AnotherFileOfTheFormat_TakesAnyNumberOfRowsAndAnyIdAndReason()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                file,
                "# a comment\r\nid\tclass\turl\tresolver\texpected\treason\tstrict\tstrict_reason\r\n"
                + "a-1\tmine\thttp://example.com\\\\x\\u0041\t1.1.1.1, 10.0.0.1\tdeny\tsome words\tdeny\t\r\n\r\n"
                + "2\tmine\thttps://example.com/\t1.1.1.1;2606:4700::1\tallow\tfine\tallow\tfine\r\n"
                + "x\tmine\tftp://example.com/\t-\tdeny\tno\tdeny\tno\r\n");

            IReadOnlyList<CorpusRow> rows = CorpusRow.Read(file);

            Assert.That(rows, Has.Count.EqualTo(3));
            Assert.That(rows[0], Has.Property("Id").EqualTo("a-1").And.Property("Url").EqualTo("http://example.com\\xA"));
            Assert.That(rows[0].Answers, Has.Length.EqualTo(2));
            Assert.That(rows[1].Strict.Allows, Is.True);
            Assert.That(rows[2].Answers, Is.Null);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string OwnFile => CorpusRow.Beside("egress.tsv");

    private static void Configure(OutboundPolicyBuilder policy) => policy.AllowHosts("example.com", "*.example.com");

    private static async Task<(string Reason, bool Asked)> PlayAsync(CorpusRow row, UrlStrictness strictness)
    {
        Uri.TryCreate(row.Url, UriKind.Absolute, out Uri? uri);
        bool asked = false;
        AddressGuard guard = new(
            new EgressOptions
            {
                ResolveAsync = (_, _) =>
                {
                    asked = true;
                    return new ValueTask<IPAddress[]>(row.Answers ?? []);
                },
            },
            new FakeTimeProvider());
        return (await FindReasonAsync(uri, strictness, guard), asked);
    }

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

    private static IEnumerable<TestCaseData> Rows() =>
        Cases([.. CorpusRow.Read(CorpusRow.Given ?? OwnFile), .. CorpusRow.Read(CorpusRow.Beside("egress-more.tsv"))]);

    private static IEnumerable<TestCaseData> OwnRows() => Cases(CorpusRow.Read(OwnFile));

    private static IEnumerable<TestCaseData> Cases(IReadOnlyList<CorpusRow> rows) =>
        from row in rows
        from strictness in Enum.GetValues<UrlStrictness>()
        select new TestCaseData(row, strictness).SetArgDisplayNames(row.ToString(), strictness.ToString());
}
