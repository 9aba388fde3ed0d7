using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OutboundInterception.Tests.Diagnostics;

public class SubrequestLoggerTests
{
    private static FakeLogRecord LogOf(SubrequestRecord record)
    {
        FakeLogCollector lines = FakeLogCollector.Create(new FakeLogCollectorOptions());
        using LoggerFactory factory = new([new FakeLoggerProvider(lines)]);
        new SubrequestLogger(factory).SubrequestCompleted(record);
        return lines.GetSnapshot().Single();
    }

    [TestCase(SubrequestDecision.Sent, null, false, LogLevel.Information)]
    [TestCase(SubrequestDecision.Answered, null, false, LogLevel.Information)]
    [TestCase(SubrequestDecision.Sent, FailureKind.Cancelled, false, LogLevel.Information)]
    [TestCase(SubrequestDecision.Rejected, FailureKind.Ended, false, LogLevel.Information)]
    [TestCase(SubrequestDecision.Sent, FailureKind.Connection, false, LogLevel.Warning)]
    [TestCase(SubrequestDecision.Sent, FailureKind.Deadline, false, LogLevel.Warning)]
    [TestCase(SubrequestDecision.Sent, null, true, LogLevel.Warning)]
    [TestCase(SubrequestDecision.Blocked, FailureKind.Policy, false, LogLevel.Warning)]
    [TestCase(SubrequestDecision.Rejected, FailureKind.Limit, false, LogLevel.Warning)]
    [TestCase(SubrequestDecision.Failed, FailureKind.Worker, false, LogLevel.Warning)]
    public void SubrequestCompleted_OfEachOutcome_HasItsLevelAndOneEventId(SubrequestDecision decision, FailureKind? failure, bool wouldBlock, LogLevel level)
    {
        FakeLogRecord line = LogOf(Records.Make() with { Decision = decision, Failure = failure, WouldBlock = wouldBlock });

        Assert.That((line.Level, line.Id.Id, line.Category), Is.EqualTo((level, 51, "OutboundInterception.Subrequests")));
    }

    [Test]
    public void SubrequestCompleted_FullRecord_HasAllButTheHeaders()
    {
        SubrequestRecord record = Records.Make() with
        {
            Number = 4,
            Hop = 1,
            RuleId = "allow-3",
            Reason = "why",
            Mode = PolicyMode.Report,
            WouldBlock = true,
            Worker = "Signer",
            Status = 201,
            Failure = FailureKind.Timeout,
            ExceptionType = "HttpRequestException",
            RequestBytes = 12,
            ResponseBytes = 13,
            Duration = TimeSpan.FromMilliseconds(15),
            Phases = new SubrequestPhases(
                TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(5)),
            Retries = 2,
            Address = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 443),
            ProtocolVersion = HttpVersion.Version20,
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            SpanId = "b7ad6b7169203331",
            RequestHeaders = [new RecordedHeader("Accept", "text/secret")],
        };

        Assert.That(LogOf(record).Message, Is.EqualTo(
            "Subrequest: namespace=test tenant=tenant dispatch=1-1 number=4 hop=1 method=GET url=https://api.example.com/orders decision=Sent "
            + "rule=allow-3 reason=why mode=Report wouldBlock=True worker=Signer status=201 failure=Timeout exception=HttpRequestException requestBytes=12 "
            + "responseBytes=13 durationMs=15 queueMs=1 workerMs=2 connectMs=3 headersMs=4 bodyMs=5 retries=2 address=192.0.2.1:443 protocol=2.0 "
            + "trace=0af7651916cd43dd8448eb211c80319c span=b7ad6b7169203331"));
    }

    // Of each member that JSON has there is a field in the line, so that one that is added is not forgotten here.
    [Test]
    public void SubrequestCompleted_FieldsOfTheLine_AreThoseOfTheSchema()
    {
        string[] members = RecordSchema.Members([.. "v time scheme host port path requestHeaders responseHeaders".Split(' ')]);
        string[] fields = [.. LogOf(Records.Make()).StructuredState!.Select(static pair => pair.Key).Where(static key => key is not ("{OriginalFormat}" or "Url"))];

        Assert.That(fields.Select(static field => field is "Trace" or "Span" ? field + "Id" : field), Is.EquivalentTo(members).IgnoreCase);
    }

    [Test]
    public async Task AddSubrequestLogging_SubrequestOfATenant_IsLogged()
    {
        FakeLogCollector lines = FakeLogCollector.Create(new FakeLogCollectorOptions());
        await using Platform platform = Platform.Create(
            builder => builder
                .AddTenant("tenant", static (_, context, token) => context.FetchAsync(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), token))
                .DenyAllOutbound()
                .AddSubrequestLogging(RecordDetail.Phases),
            services => services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(lines))));

        await Assert.ThrowsAsync<OutboundBlockedException>(() => platform.FetchAsync());

        FakeLogRecord line = lines.GetSnapshot().Single(static line => line.Id.Id == 51);
        Assert.That(line.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(line.Message, Does.Contain("namespace=test").And.Contain("rule=deny-all").And.Contain("url=https://api.example.com/ decision=Blocked"));
    }
}
