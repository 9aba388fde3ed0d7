using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

/// <summary>What outbound workers do: refuse, throw, hang, rewrite; and origins that fail behind them.</summary>
internal static class OutboundScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["ob-403"] = static t => t.ShowGetAsync("http://blocked.example/"),
        ["ob-throw-type"] = static async t => await t.TryGetAsync("http://blocked.example/"),
        ["ob-throw-custom"] = static async t => await t.TryGetAsync("http://blocked.example/"),
        ["ob-throw-string"] = static async t => await t.TryGetAsync("http://blocked.example/"),
        ["ob-hang-timeout"] = static t => AbortAsync(t, static source => source.CancelAfter(1)),
        ["ob-hang-abort"] = static t => AbortAsync(t, static source => source.Cancel()),
        ["ob-hang-prealigned"] = static async t => await AttemptAsync(async () =>
            await t.ShowAsync(await t.FetchAsync(Request("GET", "http://x.example/"), new CancellationToken(canceled: true)))),
        ["ob-hang-never"] = static async t => await t.TryGetAsync("http://x.example/"),
        ["ob-dispatcher-abort"] = static async t =>
        {
            Task<HttpResponseMessage> fetch = t.GetAsync("http://x.example/");
            await t.Run.Worker.IsHanging;
            t.Run.CancelDispatch();
            return await t.ShowAsync(await fetch);
        },
        ["ob-origin-trunc"] = static async t => await AttemptAsync(async () =>
        {
            HttpResponseMessage response = await t.GetAsync(t.A + "/trunc");
            t.Run.A.Drip();
            return await t.ShowAsync(response);
        }),
        ["ob-origin-badhdr"] = static async t => await t.TryGetAsync(t.A + "/badhdr"),
        ["ob-origin-refused"] = static async t => await t.TryGetAsync("http://127.0.0.1:1/"),
        ["ob-origin-dns"] = static async t => await t.TryGetAsync("http://no-such-host.invalid/"),
        ["ob-waituntil"] = static t => t.ShowGetAsync(t.A + "/echo"),
        ["ob-consume"] = static t => PostAsync(t, "once"),
        ["ob-consume-get"] = static async t => await t.TryGetAsync(t.A + "/echo"),
        ["ob-clone"] = static t => PostAsync(t, "twice"),
        ["ob-double"] = static t => PostAsync(t, "twice"),
        ["ob-mutate"] = static async t => await t.TryGetAsync(t.A + "/echo"),
        ["ob-rewrite"] = static t => t.ShowSendAsync(Request("POST", t.A + "/echo", Text("b"))),
        ["ob-null"] = static async t => new JsonObject
        {
            ["fetch"] = await t.TryGetAsync("http://x.example/"),
            ["connect"] = await SocketScripts.TryConnectAsync(t, "x.example", 123, static _ => Task.FromResult<JsonNode?>(null)),
            ["ws"] = await AttemptAsync(async () =>
            {
                using System.Net.WebSockets.WebSocket socket = await t.Context.ConnectWebSocketAsync(new Uri("http://x.example/"), null, t.Token);
                return null;
            }),
        },
        ["ob-inherit"] = static t => t.ShowGetAsync(t.A + "/echo"),
        ["ws-101-no-upgrade"] = static async t => await t.TryGetAsync("http://x.example/"),
        ["loader-first-wins"] = static t => t.ShowGetAsync("http://x.example/"),
        ["loader-first-wins-2"] = static t => t.ShowGetAsync("http://x.example/"),
        ["loader-missing"] = static _ => Task.FromResult<object?>(JsonValue.Create(1)),
    };

    private static async Task<object?> PostAsync(ParityTenant tenant, string body) =>
        await AttemptAsync(async () => await tenant.ShowAsync(await tenant.FetchAsync(Request("POST", tenant.A + "/echo", Text(body)))));

    private static async Task<object?> AbortAsync(ParityTenant tenant, Action<CancellationTokenSource> abort)
    {
        using CancellationTokenSource source = new();
        return await AttemptAsync(async () =>
        {
            Task<HttpResponseMessage> fetch = tenant.FetchAsync(Request("GET", "http://x.example/"), source.Token);
            await tenant.Run.Worker.IsHanging;
            abort(source);
            return await tenant.ShowAsync(await fetch);
        });
    }
}
