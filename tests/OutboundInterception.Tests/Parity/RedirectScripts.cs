using System.Text.Json.Nodes;
using static OutboundInterception.Tests.Parity.ParityTenant;

namespace OutboundInterception.Tests.Parity;

internal static class RedirectScripts
{
    public static readonly Dictionary<string, ParityScript> All = new()
    {
        ["redir-get-301"] = static t => GetAsync(t, 301),
        ["redir-get-303"] = static t => GetAsync(t, 303),
        ["redir-get-308"] = static t => GetAsync(t, 308),
        ["redir-post-303"] = static t => PostAsync(t, 303),
        ["redir-post-307"] = static t => PostAsync(t, 307),
        ["redir-poststream-301"] = static t => PostStreamAsync(t, 301),
        ["redir-poststream-302"] = static t => PostStreamAsync(t, 302),
        ["redir-poststream-303"] = static t => PostStreamAsync(t, 303),
        ["redir-poststream-307"] = static t => PostStreamAsync(t, 307),
        ["redir-poststream-308"] = static t => PostStreamAsync(t, 308),
        ["redir-put-302"] = static t => t.ShowSendAsync(Request("PUT", Redirect(t, 302), Text("payload"))),
        ["redir-delete-302"] = static t => t.ShowSendAsync(Request("DELETE", Redirect(t, 302))),
        ["redir-head-303"] = static t => t.ShowSendAsync(Request("HEAD", Redirect(t, 303))),
        ["redir-300-304-305"] = static async t =>
        {
            JsonObject o = [];
            foreach (int status in new[] { 300, 304, 305, 306 })
            {
                o[$"{status}"] = await t.TryGetAsync($"{t.A}/redir?status={status}&to=/echo");
            }

            return o;
        },
        ["redir-cross-auth-old"] = static t => t.ShowGetAsync(
            $"{t.A}/redir?status=302&to={Uri.EscapeDataString(t.B + "/echo")}", "authorization", "Bearer secret", "cookie", "sid=1", "x-api-key", "k"),
        ["redir-cross-auth-back"] = static t => t.ShowGetAsync(
            $"{t.A}/redir?status=302&to={Uri.EscapeDataString($"{t.B}/redir?status=302&to={Uri.EscapeDataString(t.A + "/echo")}")}", "authorization", "Bearer secret"),
        ["redir-cross-virtual"] = static async t =>
            await AttemptAsync(async () => await t.ShowAsync(await t.GetAsync("https://api.example.com/start", "authorization", "Bearer secret", "x-k", "1"))),
        ["redir-manual"] = static t => t.ShowSendAsync(With(RedirectMode.Manual, Request("GET", Redirect(t, 302)))),
        ["redir-error"] = static async t =>
            await AttemptAsync(async () => await t.ShowAsync(await t.FetchAsync(With(RedirectMode.Error, Request("GET", Redirect(t, 302)))))),
        ["redir-20"] = static async t => await t.TryGetAsync("http://loop.example/?n=0"),
        ["redir-nolocation"] = static t => t.ShowGetAsync(t.A + "/redir?status=302"),
        ["redir-locations"] = static async t =>
        {
            JsonObject o = [];
            foreach (string location in new[]
            {
                "/echo", "echo", "?only=query", "http://[bad", "", "ftp://x.example/", "file:///etc/passwd", "data:text/plain,hi", "javascript:alert(1)",
                "http://user:pw@frag.example/p", "http://frag.example/p#frag", "//proto.example/p", "http://ORIGIN.example:99999/", "http://unicodé.example/",
                "HTTP://UPPER.example/Path", "http://a.example/ space",
            })
            {
                o[location.Length == 0 ? "(empty)" : location] = await t.TryGetAsync("http://start.example/dir/go?l=" + EncodeComponent(location));
            }

            return o;
        },
        ["redir-loc-fragment"] = static t => t.ShowGetAsync("http://start.example/go#orig"),
        ["redir-userinfo"] = static t => t.ShowGetAsync("http://start.example/go"),
        ["redir-outbound-follow"] = static t => t.ShowGetAsync(Redirect(t, 302)),
    };

    public static HttpRequestMessage With(RedirectMode mode, HttpRequestMessage request)
    {
        request.Options.Set(SubrequestOptions.RedirectMode, mode);
        return request;
    }

    // As JavaScript has it, which leaves more as it is.
    private static string EncodeComponent(string text) =>
        Uri.EscapeDataString(text).Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal);

    private static string Redirect(ParityTenant tenant, int status) => $"{tenant.A}/redir?status={status}&to=/echo?after={status}";

    private static Task<object?> GetAsync(ParityTenant tenant, int status) =>
        tenant.ShowGetAsync(Redirect(tenant, status), "x-custom", "c", "authorization", "Bearer t");

    private static Task<object?> PostAsync(ParityTenant tenant, int status) =>
        tenant.ShowSendAsync(Request("POST", Redirect(tenant, status), Text("payload", "text/plain"), "x-custom", "c"));

    private static async Task<object?> PostStreamAsync(ParityTenant tenant, int status) =>
        await AttemptAsync(async () => await tenant.ShowAsync(await tenant.FetchAsync(Request("POST", Redirect(tenant, status), Stream("s")))));
}
