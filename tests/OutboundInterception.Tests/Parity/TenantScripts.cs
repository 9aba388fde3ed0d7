using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

/// <summary>What tenants do beside one request: background work, many at once, leaving things behind, WebSockets.</summary>
internal static class TenantScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["tenant-waituntil"] = static t =>
        {
            t.Context.WaitUntil(async token =>
            {
                await t.Run.HasAnswered;
                (await t.FetchAsync(Request("GET", t.A + "/echo?late=1"), token)).Dispose();
                (await t.FetchAsync(Request("GET", t.Hit + "&m=tenant-late-fetch-ok"), token)).Dispose();
            });
            return Returned();
        },
        ["tenant-floating"] = static t =>
        {
            t.Run.Floating = AttemptAsync(async () => await t.ShowAsync(await t.GetAsync(t.A + "/echo?floating=1")));
            return Returned();
        },
        ["tenant-floating-delayed"] = static t =>
        {
            t.Run.Floating = AttemptAsync(async () =>
            {
                await t.Run.HasAnswered;
                return await t.ShowAsync(await t.FetchAsync(Request("GET", t.A + "/echo?floating=2"), CancellationToken.None));
            });
            return Returned();
        },
        ["tenant-throw"] = static _ => throw new ArgumentOutOfRangeException(null, "tenant range"),
        ["tenant-passthrough"] = static async t => await t.Context.FetchAsync(t.Incoming, t.Token),
        ["tenant-reuse-request"] = static async t =>
        {
            HttpRequestMessage request = Request("POST", t.A + "/echo", Text("b"));
            return new JsonArray(
                await AttemptAsync(async () => await t.ShowClientAsync(request)),
                new JsonObject { ["bodyUsed"] = true },
                await AttemptAsync(async () => await t.ShowClientAsync(request)));
        },
        ["tenant-concurrent"] = static async t =>
        {
            HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => t.GetAsync($"{t.A}/slow?ms=200&i={i}")));
            JsonArray statuses = [.. responses.Select(static response => JsonValue.Create((int)response.StatusCode))];
            foreach (HttpResponseMessage response in responses)
            {
                await response.Content.ReadAsStringAsync(t.Token);
            }

            // The origin answers none before all eight are there: that they came back is that they ran at once.
            return new JsonObject { ["st"] = statuses, ["ms"] = true };
        },
        ["tenant-60"] = static async t =>
        {
            int n = 0;
            for (; n < 60; n++)
            {
                using HttpResponseMessage response = await t.GetAsync("http://x.example/" + n);
                await response.Content.ReadAsStringAsync(t.Token);
            }

            return new JsonObject { ["n"] = n };
        },
        ["tenant-cancel-body"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/drip");
            using Stream body = await response.Content.ReadAsStreamAsync(t.Token);
            byte[] buffer = new byte[64];
            int read = await body.ReadAsync(buffer, t.Token);
            return new JsonObject { ["first"] = Encoding.UTF8.GetString(buffer, 0, read) };
        },
        ["tenant-ignore-body"] = static async t => new JsonObject { ["status"] = (int)(await t.GetAsync(t.A + "/drip")).StatusCode },
        ["tenant-sees-props"] = static t => Task.FromResult<object?>(new JsonObject
        {
            ["envKeys"] = new JsonArray([.. t.Context.Arguments.Keys.Order().Select(static key => JsonValue.Create(key))]),
            ["props"] = new JsonObject([.. ((IDictionary<string, object?>)t.Incoming.Options).Select(static option => KeyValuePair.Create(option.Key, (JsonNode?)$"{option.Value}"))]),
        }),
        ["ws-upgrade"] = static async t => new JsonObject { ["message"] = await EchoAsync(t, t.A + "/ws", "hi") },
        ["ws-constructor"] = static async t => new JsonObject { ["m"] = await EchoAsync(t, t.A.Replace("http", "ws", StringComparison.Ordinal) + "/ws", "yo") },
        ["ws-outbound-denies"] = static async t => new JsonObject
        {
            ["viaFetch"] = await AttemptAsync(async () => await EchoAsync(t, "http://ws.example/", "hi")),
            ["viaCtor"] = await AttemptAsync(async () => await EchoAsync(t, "ws://ws.example/", "hi")),
        },
    };

    private static Task<object?> Returned() => Task.FromResult<object?>(new JsonObject { ["returned"] = true });

    private static async Task<JsonNode?> ShowClientAsync(this ParityTenant tenant, HttpRequestMessage request) =>
        await tenant.ShowAsync(await tenant.Sent(request).Context.Http.SendAsync(request, tenant.Token));

    private static async Task<string> EchoAsync(ParityTenant tenant, string url, string message)
    {
        using WebSocket socket = await tenant.Context.ConnectWebSocketAsync(new Uri(url), null, tenant.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, tenant.Token);
        byte[] buffer = new byte[256];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, tenant.Token);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", tenant.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
