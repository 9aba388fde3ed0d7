using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

internal static class HeaderScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["hdr-response"] = static t => t.ShowGetAsync(t.A + "/cookies"),
        ["hdr-host-virtual"] = static t => t.ShowGetAsync("http://real.example/p", "Host", "spoof.example"),
        ["hdr-hop"] = static async t =>
        {
            JsonObject o = [];
            foreach ((string name, string value) in new[]
            {
                ("connection", "close"), ("keep-alive", "timeout=5"), ("transfer-encoding", "chunked"), ("content-length", "5"), ("te", "trailers"),
                ("trailer", "x"), ("upgrade", "h2c"), ("proxy-connection", "keep-alive"), ("expect", "100-continue"), ("cf-connecting-ip", "1.2.3.4"),
                ("x-forwarded-for", "1.2.3.4"), ("cf-worker", "spoof"), ("via", "1.1 me"), ("origin", "http://o/"), ("sec-fetch-mode", "cors"), ("date", "x"),
                ("accept-encoding", "br"),
            })
            {
                o[name] = await AttemptAsync(async () =>
                {
                    HttpRequestMessage request = Request("GET", t.A + "/echo");
                    // Of a request without a body .NET takes no Content-Length: the same as leaving it out.
                    request.Headers.TryAddWithoutValidation(name, value);
                    HttpResponseMessage response = await t.FetchAsync(request);
                    JsonNode echo = JsonNode.Parse(await response.Content.ReadAsStringAsync(t.Token))!;
                    return echo["rawHeaders"]!.DeepClone();
                });
            }

            return o;
        },
        ["hdr-latin1-resp"] = static t => t.ShowGetAsync(t.A + "/latin1"),
        ["hdr-size"] = static async t =>
        {
            JsonObject o = [];
            foreach (int n in new[] { 8000, 16000, 32000, 64000, 128000 })
            {
                o[$"{n}"] = await AttemptAsync(async () =>
                    (int)(await t.GetAsync("http://x.example/", "x-big", new string('a', n))).StatusCode);
            }

            return o;
        },
    };
}
