using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

/// <summary>Plain requests, their bodies and those of the answers.</summary>
internal static class RequestScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["get-plain"] = static t => t.ShowGetAsync(t.A + "/echo?q=1"),
        ["get-query-fragment"] = static t => t.ShowGetAsync(t.A + "/echo?a=b%20c&d=é#frag"),
        ["post-bytes"] = static t => t.ShowSendAsync(Request("POST", t.A + "/echo", new ByteArrayContent([104, 105]))),
        ["post-nobody"] = static t => t.ShowSendAsync(Request("POST", t.A + "/echo")),
        ["post-stream"] = static t => t.ShowSendAsync(Request("POST", t.A + "/echo", Stream("one-", "two-", "three"))),
        ["post-stream-error"] = static async t => await AttemptAsync(async () => await t.ShowAsync(await t.FetchAsync(Request("POST", t.A + "/echo", new FailingContent())))),
        ["big"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/big?bytes=67108864");
            using Stream body = await response.Content.ReadAsStreamAsync(t.Token);
            byte[] buffer = new byte[64 * 1024];
            long n = 0;
            for (int read; (read = await body.ReadAsync(buffer, t.Token)) > 0;)
            {
                n += read;
            }

            JsonArray headers = [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Select(static header => new JsonArray(header.Key, header.Value.ToString()))];
            return new JsonObject { ["n"] = n, ["headers"] = headers };
        },
        ["big-buffer"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/big?bytes=67108864");
            return new JsonObject { ["n"] = (await response.Content.ReadAsByteArrayAsync(t.Token)).Length };
        },
        ["drip-stream"] = static async t =>
        {
            using HttpResponseMessage response = await t.GetAsync(t.A + "/drip");
            using StreamReader reader = new(await response.Content.ReadAsStreamAsync(t.Token));
            string first = await reader.ReadLineAsync(t.Token) + "\n";
            int rest = 0;
            while (true)
            {
                t.Run.A.Drip();
                if (await reader.ReadLineAsync(t.Token) is null)
                {
                    break;
                }

                rest++;
            }

            return new JsonObject { ["first"] = first, ["restReads"] = rest > 10 };
        },
        ["gzip"] = static t => t.ShowGetAsync(t.A + "/gzip"),
        ["status-odd"] = static async t =>
        {
            JsonObject o = [];
            foreach (int status in new[] { 204, 205, 304, 418, 599 })
            {
                o[$"{status}"] = await t.TryGetAsync(t.A + "/status?s=" + status);
            }

            return o;
        },
        ["methods"] = static async t =>
        {
            JsonObject o = [];
            foreach (string method in new[] { "HEAD", "OPTIONS", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE", "PROPFIND", "QUERY", "FOO", "get", "patch", "Post", "propfind", "MKCALENDAR", "G T", "" })
            {
                o[method] = await AttemptAsync(async () =>
                {
                    HttpResponseMessage response = await t.FetchAsync(Request(method, "http://x.example/"));
                    return new JsonObject { ["status"] = (int)response.StatusCode, ["t"] = await response.Content.ReadAsStringAsync(t.Token) };
                });
            }

            return o;
        },
        ["url-relative-old"] = static async t => new JsonObject
        {
            ["fetch"] = await t.TryGetRelativeAsync("/path"),
            ["noscheme"] = await t.TryGetRelativeAsync("example.com/x"),
        },
        ["url-userinfo"] = static t => t.ShowGetAsync("http://user:p%40ss@u.example/p"),
        ["url-forms"] = static async t =>
        {
            JsonObject o = [];
            foreach (string url in new[]
            {
                "http://EXAMPLE.com:80/a/../b", "https://example.com:443", "http://example.com:8080?x", "http://127.1/", "http://0x7f000001/",
                "http://[::1]:8080/x", "http://example.com./", "http://ex%61mple.com/", "http://münchen.example/", "http://example.com/%zz%20 é?q=ü&r=a b#h",
                "http://example.com//double//slash", @"http://example.com\\back", "  http://trim.example/  ", "http://exa\tmple.com/", "http://:80/",
                "http://a b.example/", "http://example.com:0/", "http://example.com:65536/",
            })
            {
                o[url] = await AttemptAsync(async () =>
                {
                    HttpResponseMessage response = await t.GetAsync(url);
                    JsonNode json = JsonNode.Parse(await response.Content.ReadAsStringAsync(t.Token))!;
                    return new JsonObject { ["responseUrl"] = response.RequestMessage!.RequestUri!.AbsoluteUri, ["outboundKey"] = (string?)json["virtual"] };
                });
            }

            return o;
        },
    };

    private static Task<JsonObject> TryGetRelativeAsync(this ParityTenant tenant, string url) => AttemptAsync(async () =>
        await tenant.ShowAsync(await tenant.FetchAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(url, UriKind.Relative)))));

    private sealed class FailingContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync("part"u8.ToArray());
            await stream.FlushAsync();
            throw new InvalidOperationException("source failed");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
