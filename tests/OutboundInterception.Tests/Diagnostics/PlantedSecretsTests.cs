using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OutboundInterception.Tests.Diagnostics;

/// <summary>Puts secrets wherever requests have room for one, and looks for them in everything that is written.</summary>
[CancelAfter(120_000)]
public class PlantedSecretsTests
{
    private static readonly OutboundParameter<string> s_customer = new("customer");

    private readonly Dictionary<string, string> _secrets = [];
    private readonly ConcurrentQueue<string> _seen = new();

    /// <summary>A secret of the look that keys have.</summary>
    private string Plant(string place)
    {
        string secret = $"Sk{_secrets.Count:00}x{Guid.NewGuid():n}";
        _secrets.Add(place, secret);
        return secret;
    }

    private Task<Origin> StartOriginAsync(string setCookie, string token, string body, string location) => Origin.StartAsync(async http =>
    {
        using StreamReader reader = new(http.Request.Body);
        _seen.Enqueue($"{http.Request.GetEncodedUrl()} {await reader.ReadToEndAsync()} {string.Join(' ', http.Request.Headers.Select(static header => $"{header.Key}:{header.Value}"))}");
        if (http.WebSockets.IsWebSocketRequest)
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
            return;
        }

        http.Response.Headers.SetCookie = $"session={setCookie}";
        http.Response.Headers["X-Token"] = token;
        http.Response.Headers.ETag = $"\"{token}\"";
        if (http.Request.Path == "/redirect")
        {
            http.Response.Redirect(location);
            return;
        }

        await http.Response.WriteAsync(body);
    });

    private static HttpRequestMessage Get(string url) => new(HttpMethod.Get, url);

    private static async Task TryAsync(TenantContext context, HttpRequestMessage request, CancellationToken token)
    {
        try
        {
            using HttpResponseMessage response = await context.FetchAsync(request, token);
        }
        catch (HttpRequestException)
        {
            // Some are refused: that too is written down.
        }
    }

    private async Task TenantAsync(HttpRequestMessage inbound, TenantContext context, CancellationToken token)
    {
        HttpRequestMessage post = new(HttpMethod.Post, $"https://api.example.com/services/T01/{_secrets["webhook path"]}?key={_secrets["query"]}#{_secrets["fragment"]}")
        {
            Content = new StringContent(_secrets["request body"]),
        };
        post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _secrets["tenant's Authorization"]);
        post.Headers.Add("Cookie", $"id={_secrets["tenant's cookie"]}");
        post.Headers.Add("X-Api-Key", _secrets["tenant's header"]);
        post.Headers.TryAddWithoutValidation("User-Agent", $"agent/{_secrets["user agent"]}");
        post.Headers.TryAddWithoutValidation("tracestate", $"x={_secrets["tracestate"]}");
        await TryAsync(context, post, token);
        await TryAsync(context, Get($"https://{_secrets["user name"]}:{_secrets["password"]}@api.example.com/"), token);
        await TryAsync(context, Get($"https://api.example.com/bot12345678:{_secrets["bot path"]}/getMe"), token);
        await TryAsync(context, Get("https://api.example.com/redirect"), token);
        await TryAsync(context, Get($"https://blocked.example.com/?q={_secrets["query of a blocked one"]}"), token);
        await TryAsync(context, Get($"https://nowhere.example.com/{_secrets["path to nowhere"]}?q={_secrets["query to nowhere"]}"), token);
        await TryAsync(context, Get($"https://127.0.0.1/{_secrets["path to a refused address"]}"), token);
        await TryAsync(context, Get($"https://failing.example.com/?q={_secrets["query to a failing worker"]}"), token);
        await TryAsync(context, new HttpRequestMessage(HttpMethod.Get, new Uri($"../{_secrets["relative URL"]}", UriKind.Relative)), token);
        WebSocketConnectOptions options = new() { Headers = { ["Authorization"] = $"Bearer {_secrets["WebSocket header"]}" } };
        using var socket = await context.ConnectWebSocketAsync(new Uri($"wss://api.example.com/live?ticket={_secrets["WebSocket query"]}"), options, token);
    }

    [Test]
    public async Task EverythingOn_NothingThatIsWrittenHoldsASecret()
    {
        string[] places =
        [
            "webhook path", "query", "fragment", "request body", "tenant's Authorization", "tenant's cookie", "tenant's header", "user agent", "tracestate",
            "user name", "password", "bot path", "query of a blocked one", "path to nowhere", "query to nowhere", "path to a refused address",
            "query to a failing worker", "relative URL", "WebSocket header", "WebSocket query", "outbound parameter", "worker's header", "worker's query",
            "Set-Cookie", "response header", "response body", "path of a redirect", "query of a redirect", "inbound query", "inbound Authorization",
        ];
        Array.ForEach(places, place => Plant(place));
        string directory = Directory.CreateTempSubdirectory("secrets").FullName;
        string file = Path.Combine(directory, "records.jsonl");
        List<string> written = [];
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        SubrequestRing ring = new(detail: RecordDetail.Phases | RecordDetail.Headers);
        FakeLogCollector log = FakeLogCollector.Create(new FakeLogCollectorOptions());
        using (TelemetryFixture telemetry = new(receiver))
        {
            await using Origin origin = await StartOriginAsync(
                _secrets["Set-Cookie"], _secrets["response header"], _secrets["response body"], $"https://api.example.com/next/{_secrets["path of a redirect"]}?q={_secrets["query of a redirect"]}");
            await using Platform platform = Platform.Create(
                origin,
                async (request, context, token) =>
                {
                    await TenantAsync(request, context, token);
                    return new HttpResponseMessage();
                },
                builder =>
                {
                    telemetry.Mark(builder);
                    builder
                        .ConfigurePolicy(policy => policy.DenyHosts("blocked.example.com"))
                        .ConfigureConnections(options => options.ResolveAsync = static (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound))
                        .Configure(options =>
                        {
                            options.Telemetry.TenantLimit = 10;
                            options.Telemetry.EnrichHttpClientMetrics = true;
                        })
                        .AddOutboundObserver(ring)
                        .AddSubrequestLogging(RecordDetail.Phases)
                        .AddTenantUsage()
                        .AddJsonLines(file, static options => options.Detail = RecordDetail.Phases | RecordDetail.Headers)
                        .AddOutboundWorker(_ => new DelegateWorker(WorkAsync), s_customer);
                },
                services => services.AddLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log))));
            HttpRequestMessage inbound = Get($"https://tenant.apps.example.com/?q={_secrets["inbound query"]}");
            inbound.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _secrets["inbound Authorization"]);
            using HttpResponseMessage response = await platform.Namespace
                .Get("tenant", new DispatchOptions().With(s_customer, _secrets["outbound parameter"])).FetchAsync(inbound);
            foreach (string text in telemetry.Texts())
            {
                written.Add(text);
            }

            Assert.That(telemetry.Subrequests, Has.Length.GreaterThanOrEqualTo(11));
        }

        using MemoryStream har = new();
        await HarArchive.WriteAsync(har, ring.Snapshot());
        written.Add(Encoding.UTF8.GetString(har.ToArray()));
        written.Add(await File.ReadAllTextAsync(file));
        Directory.Delete(directory, recursive: true);
        written.AddRange(receiver.Text("/v1/traces"), receiver.Text("/v1/metrics"));
        foreach (SubrequestRecord record in ring.Snapshot())
        {
            written.Add($"{record} {string.Join(' ', record.RequestHeaders ?? [])} {string.Join(' ', record.ResponseHeaders ?? [])}");
        }

        foreach (FakeLogRecord line in log.GetSnapshot())
        {
            written.Add($"{line.Message} {string.Join(' ', line.StructuredState ?? [])} {line.Exception}");
        }

        string all = string.Join('\n', written);
        string sent = string.Join('\n', _seen);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_secrets.Where(secret => all.Contains(secret.Value, StringComparison.OrdinalIgnoreCase)).Select(static secret => secret.Key), Is.Empty);

            // The test looks where something is, and plants what really travels.
            Assert.That(all, Does.Contain("X-Api-Key").And.Contain("Set-Cookie").And.Contain("/services/T01/{redacted}").And.Contain("Subrequest: namespace="));
            Assert.That(ring.Snapshot(), Has.Count.EqualTo(11));
            foreach (string place in new[]
            {
                "webhook path", "query", "request body", "tenant's Authorization", "tenant's cookie", "tenant's header", "bot path", "path of a redirect",
                "query of a redirect", "WebSocket header", "WebSocket query", "outbound parameter", "worker's header", "worker's query",
            })
            {
                Assert.That(sent, Does.Contain(_secrets[place]), place);
            }
        }
    }

    private Task<HttpResponseMessage> WorkAsync(HttpRequestMessage request, OutboundContext context, CancellationToken token)
    {
        if (request.RequestUri!.Host == "failing.example.com")
        {
            throw new InvalidOperationException("the worker failed");
        }

        request.Headers.TryAddWithoutValidation("X-Customer", context.Get(s_customer));
        request.Headers.TryAddWithoutValidation("X-Signature", _secrets["worker's header"]);
        UriBuilder signed = new(request.RequestUri);
        signed.Query += $"&sig={_secrets["worker's query"]}";
        request.RequestUri = signed.Uri;
        return context.SendAsync(request, token);
    }
}
