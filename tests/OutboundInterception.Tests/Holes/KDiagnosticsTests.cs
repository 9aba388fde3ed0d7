using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Metrics;

namespace OutboundInterception.Tests.Holes;

/// <summary>Diagnostics, which show one tenant's requests to everybody in the process. Each test looks at its own server's port alone.</summary>
[CancelAfter(60_000)]
[NonParallelizable] // Who listens changes what every client of the process sends.
public class KDiagnosticsTests
{
    [Test]
    public async Task K1_DiagnosticListener_SeesAndRewritesNothing()
    {
        await using RawServer inside = new(RawServer.Answer("INTERNAL"));
        await using RawServer server = new(RawServer.Answer("GOOD"));
        string url = Hosts.AllowedUrl(server.Port);
        Observer observer = new(server.Port, request => request.RequestUri = new Uri(Hosts.InternalUrl(inside.Port)));
        using IDisposable subscription = DiagnosticListener.AllListeners.Subscribe(observer);
        using PlainClient plain = new();

        Assert.That(await plain.Http.GetStringAsync(url), Is.EqualTo("INTERNAL"));
        Assert.That(observer.Seen, Has.Some.Contains(NaiveHandler.Secret));

        int before = observer.Seen.Count;
        await using GuardedTenant guarded = new();

        Assert.That(await guarded.GetAsync(url), Is.EqualTo("GOOD"));
        Assert.That(observer.Seen, Has.Count.EqualTo(before));
        Assert.That(inside.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task K2_PropagatorOfTheProcess_IsNotCalled()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        DistributedContextPropagator before = DistributedContextPropagator.Current;
        Propagator propagator = new(before, server.Port);
        try
        {
            DistributedContextPropagator.Current = propagator;
            using Activity activity = new Activity("caller").Start();
            using PlainClient plain = new();
            await plain.Http.GetStringAsync(url);

            Assert.That(propagator.Seen, Has.Some.Contains(NaiveHandler.Secret));
            Assert.That(server.Heads[0], Does.Contain("X-Evil: 1"));

            int seen = propagator.Seen.Count;
            await using GuardedTenant guarded = new();
            await guarded.GetAsync(url);

            Assert.That(propagator.Seen, Has.Count.EqualTo(seen));
            Assert.That(server.Heads[1], Does.Not.Contain("X-Evil"));
        }
        finally
        {
            DistributedContextPropagator.Current = before;
        }
    }

    [Test]
    public async Task K3_TraceAndBaggageOfTheHost_DoNotLeave()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using Activity activity = new Activity("caller").AddBaggage("tenant.plan", "enterprise-secret").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "vendor=internal";
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(url);

        Assert.That(server.Heads[0], Does.Contain("traceparent").And.Contain("enterprise-secret").And.Contain("vendor=internal"));

        await using GuardedTenant guarded = new();
        await guarded.GetAsync(url);

        Assert.That(server.Heads[1], Does.Not.Contain("traceparent").And.Not.Contain("enterprise-secret").And.Not.Contain("tracestate"));
    }

    [Test]
    public async Task K4_ActivityListener_SeesNoRequest()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port, "/of-a-tenant");
        ConcurrentQueue<string> seen = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(string.Join(' ', activity.TagObjects.Select(static tag => tag.Value))),
        };
        ActivitySource.AddActivityListener(listener);
        using PlainClient plain = new();
        await plain.Http.GetStringAsync(url);
        int OfThisTest() => seen.Count(text => text.Contains($":{server.Port}/of-a-tenant", StringComparison.Ordinal));

        Assert.That(OfThisTest(), Is.EqualTo(1));

        await using GuardedTenant guarded = new();
        await guarded.GetAsync(url);

        Assert.That(OfThisTest(), Is.EqualTo(1));
    }

    [Test]
    public async Task K6_MetricsCallbackOfTheTenant_IsNotCalled()
    {
        await using RawServer server = new(RawServer.Ok);
        string url = Hosts.AllowedUrl(server.Port);
        using MeterListener listener = new() { InstrumentPublished = Listen };
        listener.Start();
        List<string> seen = [];
        using PlainClient plain = new();
        await plain.Http.SendAsync(Request());

        Assert.That(seen.Single(), Is.EqualTo(NaiveHandler.Secret));

        await using GuardedTenant guarded = new();
        await guarded.RunAsync(async context => (await context.Http.SendAsync(Request())).StatusCode);

        Assert.That(server.Heads, Has.Count.EqualTo(2));
        Assert.That(seen, Has.Count.EqualTo(1));

        HttpRequestMessage Request()
        {
            HttpRequestMessage request = new(HttpMethod.Get, url);
            HttpMetricsEnrichmentContext.AddCallback(request, context => seen.Add(context.Request.Headers.Authorization!.Parameter!));
            return request;
        }

        static void Listen(Instrument instrument, MeterListener listener)
        {
            if (instrument.Name == "http.client.request.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    private static string Describe(HttpRequestMessage request) => $"{request.RequestUri} {request.Headers.Authorization}";

    private sealed class Observer(int port, Action<HttpRequestMessage> change) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) is HttpRequestMessage request && request.RequestUri!.Port == port)
            {
                Seen.Enqueue(Describe(request));
                change(request);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Propagator(DistributedContextPropagator inner, int port) : DistributedContextPropagator
    {
        public ConcurrentQueue<string> Seen { get; } = new();

        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
            if (carrier is HttpRequestMessage request && request.RequestUri!.Port == port)
            {
                Seen.Enqueue(Describe(request));
                request.Headers.TryAddWithoutValidation("X-Evil", "1");
            }

            inner.Inject(activity, carrier, setter);
        }

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => inner.ExtractBaggage(carrier, getter);
    }
}
