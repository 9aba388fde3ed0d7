using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

/// <summary>The scenarios with a fixed outbound worker and no dispatcher.</summary>
internal static class StaticScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["static-plain"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/echo?from=plain");
            return await WithSeenAsync(t, "plain", JsonNode.Parse(await response.Content.ReadAsStringAsync(t.Token))!);
        },
        ["static-redirect"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/redir?status=302&to=/echo?x=1");
            return await WithSeenAsync(t, "redirect", new JsonObject
            {
                ["url"] = response.RequestMessage!.RequestUri!.AbsoluteUri,
                ["redirected"] = t.Run.Worker.Seen.Count > 1,
                ["body"] = JsonNode.Parse(await response.Content.ReadAsStringAsync(t.Token)),
            });
        },
        ["static-service-callout"] = static async t =>
        {
            // The platform's own object, with a client of the platform's own.
            using HttpClient platform = new();
            return await WithSeenAsync(t, "service-callout", JsonNode.Parse(await platform.GetStringAsync(t.A + "/echo?from=svc", t.Token))!);
        },
        ["static-passthrough"] = static async t =>
            await t.FetchAsync(RedirectScripts.With(RedirectMode.Manual, Request("GET", t.A + "/redir?status=302&to=/echo"))),
    };

    private static Task<object?> WithSeenAsync(ParityTenant tenant, string what, JsonNode result) => Task.FromResult<object?>(new JsonObject
    {
        ["what"] = what,
        ["out"] = result,
        ["outboundSaw"] = new JsonArray([.. tenant.Run.Worker.Seen.Select(static seen => new JsonObject
        {
            ["method"] = (string?)seen["method"],
            ["url"] = (string?)seen["url"],
            ["headers"] = seen["headers"]!.DeepClone(),
        })]),
    });
}
