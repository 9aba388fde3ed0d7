using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OutboundInterception.Tests.Outbound;

namespace OutboundInterception.Tests.Parity;

/// <summary>Plays one scenario through a real namespace against real origins, and gathers what was seen.</summary>
internal sealed class ParityRun : IDisposable
{
    private readonly TaskCompletionSource _hasAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ParityEvents _events;
    private readonly CancellationTokenSource _dispatcher = new();

    private ParityRun(Recording recording, ParityOrigin a, ParityOrigin b, ParityEvents events)
    {
        Recording = recording;
        A = a;
        B = b;
        Worker = new ParityWorker(recording.Mode, [.. recording.Parameters.Select(static parameter => parameter.Key)], events);
        _events = events;
    }

    public Recording Recording { get; }

    public ParityOrigin A { get; }

    public ParityOrigin B { get; }

    public ParityWorker Worker { get; }

    public string Hit => $"{A.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/hit?id={Uri.EscapeDataString("tenant-waituntil#77")}";

    /// <summary>The response has been read by the dispatcher.</summary>
    public Task HasAnswered => _hasAnswered.Task;

    /// <summary>What the tenant left behind without <see cref="TenantContext.WaitUntil"/>; awaited in the end.</summary>
    public Task Floating { get; set; } = Task.CompletedTask;

    /// <summary>What the dispatcher does while the tenant runs: cancel it.</summary>
    public void CancelDispatch() => _dispatcher.Cancel();

    public static async Task<JsonObject> PlayAsync(Recording recording, ParityScript script, int expectedEvents)
    {
        System.Collections.Concurrent.ConcurrentQueue<JsonObject> requests = new();
        using ParityEvents events = new();
        await using ParityOrigin a = await ParityOrigin.StartAsync("A", requests, events);
        await using ParityOrigin b = await ParityOrigin.StartAsync("B", requests, events);
        using ParityRun run = new(recording, a, b, events);
        JsonObject tenant = await run.DispatchAsync(script, expectedEvents);
        JsonObject seen = new() { ["tenant"] = tenant };
        if (!recording.IsStatic)
        {
            seen["outbound"] = new JsonArray([.. run.Worker.Seen]);
            seen["events"] = new JsonArray([.. events.Seen.Select(static text => JsonValue.Create(text))]);
        }

        seen["origin"] = new JsonArray([.. requests]);
        string text = seen.ToJsonString();
        foreach ((ParityOrigin origin, string name) in new[] { (a, "ORIGIN-A"), (b, "ORIGIN-B") })
        {
            string port = new Uri(origin.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            foreach (string colon in new[] { ":", "%3A", "%253A" })
            {
                text = text.Replace($"127.0.0.1{colon}{port}", name, StringComparison.Ordinal)
                    .Replace($"localhost{colon}{port}", "DISPATCHER", StringComparison.Ordinal);
            }
        }

        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Headers and body as the recordings have them.</summary>
    public static async Task DescribeAsync(HttpResponseMessage response, JsonObject shown, CancellationToken cancellationToken)
    {
        shown["headers"] = new JsonArray([.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .SelectMany(static header => header.Key.Equals("set-cookie", StringComparison.OrdinalIgnoreCase)
                ? header.Value.Select(value => new JsonArray(header.Key, value))
                : [new JsonArray(header.Key, string.Join(", ", header.Value))])]);
        if (response.Headers.NonValidated.TryGetValues("Set-Cookie", out var cookies))
        {
            shown["setCookie"] = new JsonArray([.. cookies.Select(static cookie => JsonValue.Create(cookie))]);
        }

        try
        {
            string text = await ParityTenant.DecodeAsync(response.Content, cancellationToken);
            if (text.Length > 0 && response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                shown["json"] = JsonNode.Parse(text);
            }
            else
            {
                shown["text"] = text;
            }
        }
        catch (Exception exception)
        {
            shown["bodyError"] = exception.GetType().Name;
        }
    }

    public void Dispose() => _dispatcher.Dispose();

    private async Task<JsonObject> DispatchAsync(ParityScript script, int expectedEvents)
    {
        await using Platform platform = Platform.Create(builder => Configure(builder, script));
        DispatchOptions options = new() { Limits = new DispatchLimits { Deadline = Recording.Mode == "hangNever" ? TimeSpan.FromMilliseconds(300) : null } };
        options.Arguments["A"] = A.Url;
        options.Arguments["B"] = B.Url;
        options.Arguments["HIT"] = Hit;
        foreach ((string name, JsonNode? value) in Recording.Parameters)
        {
            options.With(name, value);
        }

        JsonObject tenant = [];
        HttpRequestMessage incoming = ParityTenant.Request("GET", "http://tenant.example/");
        if (Recording.Name.StartsWith("tenant-passthrough", StringComparison.Ordinal))
        {
            incoming.Headers.Add("x-in", "1");
        }

        try
        {
            string name = Recording.Name == "loader-missing" ? "missing" : "tenant";
            using HttpResponseMessage response = await platform.Namespace.Get(name, options).FetchAsync(incoming, _dispatcher.Token);
            tenant["status"] = (int)response.StatusCode;
            tenant["statusText"] = response.ReasonPhrase;
            await DescribeAsync(response, tenant, CancellationToken.None);
        }
        catch (Exception exception)
        {
            tenant["dispatchThrew"] = exception.GetType().Name;
        }

        _hasAnswered.SetResult();
        await Floating.WaitAsync(TimeSpan.FromSeconds(20));

        // Some come after the answer.
        await _events.WaitAsync(expectedEvents);
        return tenant;
    }

    private void Configure(IDispatchNamespaceBuilder builder, ParityScript script)
    {
        builder.AddTenant("tenant", async (request, context, token) =>
        {
            object? result = await script(new ParityTenant(this, request, context, token));
            return result as HttpResponseMessage ?? new HttpResponseMessage
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(((JsonNode)result!).ToJsonString())) { Headers = { { "Content-Type", "application/json" } } },
            };
        });
        builder.Configure(static options =>
        {
            options.UrlStrictness = UrlStrictness.Literal;
            options.CdnLoopId = null;
            options.Limits.Subrequests = 1000;
            options.Limits.ResponseBytes = 256L * 1024 * 1024;
        });
        builder.ConfigureConnections(static options =>
        {
            options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            options.ResolveAsync = static (host, _) => host == "localhost"
                ? new ValueTask<IPAddress[]>([IPAddress.Loopback])
                : throw new SocketException((int)SocketError.HostNotFound);
        });
        builder.AddOutboundParameters([.. Recording.Parameters.Select(static parameter => new OutboundParameter<object?>(parameter.Key))]);
        switch (Recording.Mode)
        {
            case "none":
                builder.DenyAllOutbound();
                break;
            case "inherit":
                break;
            default:
                builder.AddOutboundWorker(_ => (string?)Recording.Json["outboundEntrypoint"] == "OutboundConnectThrow" ? new ConnectWorker(ThrowAsync) : Worker);
                break;
        }
    }

    private Task<Stream> ThrowAsync(OutboundConnect connect, OutboundContext context, CancellationToken cancellationToken)
    {
        _events.Add("connect() handler throwing");
        throw new InvalidOperationException("connect() handler throws");
    }
}
