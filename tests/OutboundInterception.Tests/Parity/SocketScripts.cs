using System.Text;
using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

/// <summary>The scenarios that open raw sockets.</summary>
internal static class SocketScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["connect-write-first"] = static async t => new JsonObject
        {
            ["write"] = await TryConnectAsync(t, static async socket =>
            {
                await socket.Stream.WriteAsync("x"u8.ToArray());
                return "wrote";
            }),
            ["closed"] = await TryConnectAsync(t, static async socket =>
            {
                await socket.Closed;
                return null;
            }),
            ["opened"] = await TryConnectAsync(t, static socket => Task.FromResult<JsonNode?>(socket.Opened.RemoteAddress)),
            ["read"] = await TryConnectAsync(t, static async socket => new JsonObject { ["done"] = await socket.Stream.ReadAsync(new byte[1]) == 0 }),
        },
        ["connect-nodenet"] = static async t => new JsonObject
        {
            ["net"] = (await TryConnectAsync(t, static _ => Task.FromResult<JsonNode?>("connected")))["threw"]!.DeepClone(),
            ["http"] = await FetchAsync(t),
        },
        ["connect-handler-throws"] = static async t => new JsonObject
        {
            ["p"] = await TryConnectAsync(t, static async socket =>
            {
                using StreamReader reader = new(socket.Stream, Encoding.UTF8);
                return new JsonObject { ["info"] = socket.Opened.RemoteAddress, ["t"] = await reader.ReadToEndAsync() };
            }),
        },
        ["static-connect"] = static async t => new JsonObject
        {
            ["what"] = "connect",
            ["out"] = await TryConnectAsync(t, static socket => Task.FromResult<JsonNode?>(socket.Opened.RemoteAddress)),
            ["outboundSaw"] = new JsonArray([.. t.Run.Worker.Seen.Select(static seen => seen.DeepClone())]),
        },
    };

    public static Task<JsonObject> TryConnectAsync(ParityTenant tenant, string host, int port, Func<TenantSocket, Task<JsonNode?>> use) => AttemptAsync(async () =>
    {
        await using TenantSocket socket = await tenant.Context.Sockets.ConnectAsync(host, port, null, tenant.Token);
        return await use(socket);
    });

    private static Task<JsonObject> TryConnectAsync(ParityTenant tenant, Func<TenantSocket, Task<JsonNode?>> use)
    {
        Uri origin = new(tenant.A);
        return TryConnectAsync(tenant, origin.Host, origin.Port, use);
    }

    private static async Task<JsonObject> FetchAsync(ParityTenant tenant)
    {
        using HttpResponseMessage response = await tenant.GetAsync(tenant.A + "/echo?via=nodehttp");
        return new JsonObject { ["status"] = (int)response.StatusCode, ["d"] = JsonNode.Parse(await response.Content.ReadAsStringAsync(tenant.Token)) };
    }
}
